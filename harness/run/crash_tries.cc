// A state is laid out in a folder of its own and not where the workload stood:
// that is its user's, and would be left changed if we were killed. So `recover`
// is started in a mirror of where it would be, or with a TMPDIR of its own.
#include "harness/run/crash_tries.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/base/folder_paths.h"
#include "harness/base/wait_status.h"
#include "harness/run/folder_mirror.h"
#include "harness/run/fresh_folder.h"
#include "harness/run/placed_tree.h"
#include "harness/run/recover_run.h"
#include "harness/run/variables.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Of each kind, and each way in which recover ended, the first bad state is
// kept, if it is not larger.
constexpr std::size_t kMostKept = std::size_t{16} << 20;
constexpr std::size_t kMostFolders = 10;

}  // namespace

CrashTries::CrashTries(const RecoverTools& tools, const CrashFolder& asked)
    : tools_(tools), asked_(asked) {}

Result<CrashTries::Place> CrashTries::place_of(const FileTree& tree,
                                               const std::string& printed) {
  TRY_ASSIGN(Place out, place_with(printed));
  fs::path tmp = out.folder.path() / "tmp";
  std::error_code failed;
  fs::create_directory(tmp, failed);
  TRY(open_to_all(tmp));
  if (auto below = asked_.below_tmpdir()) {
    TRY(lay_out(tree, fs::path(tmp.string() + *below)));
    set_in(out.link.env, "TMPDIR", tmp.string());
  } else {
    TRY(mirror(asked_.path, tree, out));
  }
  return out;
}

std::vector<Observation> CrashTries::run_in(Result<Place> place) {
  if (!place) {
    return {Observation{.text = place.error().what}};
  }
  return run_recover(tools_.session, tools_.plan, place->link, tools_.needs);
}

std::vector<Observation> CrashTries::run_as_left(const std::string& printed) {
  return run_in(place_with(printed));
}

std::vector<Observation> CrashTries::run_on(const FileTree& tree,
                                            const std::string& printed) {
  return run_in(place_of(tree, printed));
}

bool CrashTries::try_state(const CrashTry& state) {
  auto place = place_of(state.tree, state.printed);
  if (!place) {
    fail(place.error().what);
    return false;
  }
  std::vector<Observation> ended = run_in(std::move(place));
  Observation tried = about(Fact::state_tried);
  tried.number = -1;
  for (const Observation& seen : ended) {
    tried.number =
        seen.fact == Fact::process_ended ? seen.number : tried.number;
  }
  tried.action = state.kind;
  tried.text = state.text;
  if (!state.lacks.empty()) {
    tried.names = {state.lacks};
  }
  lacking_ += state.lacks.empty() ? 0 : 1;
  ++tried_;
  if (tried.number != 0 && kept_.size() < kMostFolders &&
      kept_.emplace(state.kind, tried.number).second) {
    tried.path = keep(state.tree, tried_, state.kind);
  }
  told_.push_back(tried);
  // How it ended is told once for each way in which it can.
  if (ends_.insert(tried.number).second) {
    std::move(ended.begin(), ended.end(), std::back_inserter(told_));
  }
  return true;
}

void CrashTries::fail(const std::string& why) {
  told_.emplace_back();
  told_.back().text = why;
}

void CrashTries::tell_effect(const std::string& are, const std::string& how) {
  if (lacking_ == 0) {
    return;
  }
  Observation effect = about(Fact::fault_activated);
  effect.text = "the recover command was run on " + std::to_string(tried_) +
                " " + are + ", " + std::to_string(lacking_) +
                " of which lack something that was written; " + how;
  told_.push_back(std::move(effect));
}

// As the workload left it, but for what had been printed.
Result<CrashTries::Place> CrashTries::place_with(const std::string& printed) {
  Place out;
  std::optional<TempDir> made = tools_.session.make_work_folder();
  if (!made) {
    return unsupported_error("needs a folder for each state, below TMPDIR");
  }
  out.folder = std::move(*made);
  TRY(open_to_all(out.folder.path()));
  fs::path said = out.folder.path() / "printed";
  TRY(write_down(said, printed));
  out.link = recover_link(tools_.session, tools_.plan, tools_.first);
  set_in(out.link.env, kPrintedVariable, said.string());
  return out;
}

Result<> CrashTries::mirror(const std::string& path, const FileTree& tree,
                            Place& out) {
  const std::string& folder = out.link.folder;
  TRY_ASSIGN(FolderMirror made,
             mirror_folder(folder, out.folder.path() / "tmp",
                           surrounding_of(
                               folder, tools_.plan.scenario.workload.recover)));
  const fs::path& stands = made.path;
  fs::path data = (stands / path).lexically_normal();
  std::error_code failed;
  if (data == stands || data == stands / "") {
    TRY_ASSIGN(auto held, paths_in(stands));
    for (const fs::path& one : held) {
      fs::remove_all(one, failed);
    }
  } else {
    fs::remove_all(data, failed);
  }
  out.link.folder = stands.string();
  return lay_out(tree, data);
}

Observation CrashTries::about(Fact fact) const {
  Observation out;
  out.source = Source::harness;
  out.fact = fact;
  out.fault = asked_.fault;
  out.link = link_name(Link::recover);
  return out;
}

// Gives the folder below that of the evidence; nothing where it is too large.
std::string CrashTries::keep(const FileTree& tree, int number,
                             const std::string& kind) {
  if (tree.size() > kMostKept) {
    return "";
  }
  std::string folder =
      kCrashFolder + ("/" + std::to_string(number)) + "-" + kind;
  files_[folder + "/"] = "";
  for (const auto& [path, name] : tree.names.all()) {
    std::string at = folder;
    at.append("/").append(path);
    if (name.kind == TreeName::Kind::folder) {
      at.append("/");
    }
    files_[at] = tree.bytes_of(name);
  }
  return folder;
}

}  // namespace faultrig
