// A state is laid out in a folder of its own and not where the workload stood:
// that is its user's, and would be left changed if we were killed. So `recover`
// is started in a mirror of where it would be, or with a TMPDIR of its own.
#include "harness/run/crash_runs.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "harness/base/folder_paths.h"
#include "harness/base/wait_status.h"
#include "harness/crash/crash_states.h"
#include "harness/run/folder_mirror.h"
#include "harness/run/fresh_folder.h"
#include "harness/run/recover_run.h"
#include "harness/run/trace_end.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Of each kind, and each way in which recover ended, the first bad state is
// kept, if it is not larger.
constexpr std::size_t kMostKept = std::size_t{16} << 20;
constexpr std::size_t kMostFolders = 10;

void set_variable(FirstLink& link, const std::string& name,
                  const std::string& value) {
  std::erase_if(link.env, [&](const std::string& entry) {
    return entry.starts_with(name + "=");
  });
  link.env.push_back(name + "=" + value);
}

Result<> write_down(const fs::path& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  return out ? Result<>(Ok{}) : system_error("write " + path.string(), errno);
}

Result<> lay_out(const FileTree& tree, const fs::path& root) {
  std::error_code failed;
  std::map<FileId, fs::path> written;
  fs::create_directories(root, failed);
  for (const auto& [path, name] : tree.names.all()) {
    fs::path at = root / path;
    auto other = written.find(name.file);
    if (name.kind == TreeName::Kind::folder) {
      fs::create_directory(at, failed);
    } else if (name.kind == TreeName::Kind::symlink) {
      fs::create_symlink(name.target, at, failed);
    } else if (other != written.end()) {
      fs::create_hard_link(other->second, at, failed);
    } else {
      auto content = tree.content.find(name.file);
      TRY(write_down(
          at, content == tree.content.end() ? std::string() : content->second));
      fs::permissions(at, fs::perms(name.mode), failed);
      written[name.file] = at;
    }
    if (failed) {
      return system_error("lay out " + at.string(), failed.value());
    }
  }
  for (const auto& [path, name] : tree.names.all()) {
    if (name.kind == TreeName::Kind::folder) {
      fs::permissions(root / path, fs::perms(name.mode), failed);
    }
  }
  return Ok{};
}

// Where one state is, and how `recover` is to see it.
struct Place {
  TempDir folder;
  FirstLink link;
};

class CrashRuns {
 public:
  CrashRuns(const RecoverTools& tools, const LinkRecording& recording)
      : tools_(tools), recording_(recording) {}

  Result<Place> place_of(const FileTree& tree, const std::string& printed) {
    TRY_ASSIGN(Place out, place_with(printed));
    fs::path tmp = out.folder.path() / "tmp";
    std::error_code failed;
    fs::create_directory(tmp, failed);
    TRY(open_to_all(tmp));
    if (auto below = recording_.below_tmpdir()) {
      TRY(lay_out(tree, fs::path(tmp.string() + *below)));
      set_variable(out.link, "TMPDIR", tmp.string());
    } else {
      TRY(mirror(recording_.asked().path, tree, out));
    }
    return out;
  }

  // Of what is there and no other state.
  Result<std::vector<Observation>> run_as_left(const std::string& printed) {
    TRY_ASSIGN(Place place, place_with(printed));
    return run_recover(tools_.session, tools_.plan, place.link, tools_.needs);
  }

  // False: it could not be laid out, which is told.
  bool try_state(const CrashStates& states, const CrashState& state,
                 std::size_t number) {
    FileTree tree = states.tree_of(state);
    auto place = place_of(tree, states.printed_by(state));
    if (!place) {
      told_.emplace_back();
      told_.back().text = place.error().what;
      return false;
    }
    std::vector<Observation> ended =
        run_recover(tools_.session, tools_.plan, place->link, tools_.needs);
    Observation tried = about(Fact::state_tried);
    tried.number = -1;
    for (const Observation& seen : ended) {
      tried.number =
          seen.fact == Fact::process_ended ? seen.number : tried.number;
    }
    tried.action = crash_kind_name(state.kind);
    tried.text = states.text_of(state);
    if (state.lacks && !state.lost.empty()) {
      tried.names = {
          recording_.folder().record().ops[state.lost.front()].text()};
    }
    lacking_ += state.lacks ? 1 : 0;
    ++tried_;
    if (tried.number != 0 && kept_.size() < kMostFolders &&
        kept_.emplace(state.kind, tried.number).second) {
      tried.path = keep(tree, number, tried.action);
    }
    told_.push_back(tried);
    // How it ended is told once for each way in which it can.
    if (ends_.insert(tried.number).second) {
      std::move(ended.begin(), ended.end(), std::back_inserter(told_));
    }
    return true;
  }

  void tell_effect(const CrashStates& states) {
    if (lacking_ == 0) {
      return;
    }
    const CrashFolder& asked = recording_.asked();
    Observation effect = about(Fact::fault_activated);
    effect.text = "the recover command was run on " + std::to_string(tried_) +
                  " states, " + std::to_string(lacking_) +
                  " of which lack something that was written; by " +
                  std::string(crash_model_name(asked.model)) + ", of " +
                  (states.looked_at_all() ? "" : "at least ") +
                  std::to_string(states.found()) + " different ones (";
    for (std::size_t i = 0; i < asked.kinds.size(); ++i) {
      effect.text += i == 0 ? "" : ", ";
      effect.text += crash_kind_name(asked.kinds[i]);
    }
    effect.text += ")";
    told_.push_back(std::move(effect));
  }

  std::vector<Observation> told() { return std::move(told_); }
  std::map<std::string, std::string> files() { return std::move(files_); }

 private:
  // As the workload left it, but for what had been printed.
  Result<Place> place_with(const std::string& printed) {
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
    set_variable(out.link, kPrintedVariable, said.string());
    return out;
  }

  // A folder that is no longer as its original, where that stood.
  Result<> mirror(const std::string& path, const FileTree& tree, Place& out) {
    const std::string& folder = out.link.folder;
    TRY_ASSIGN(
        FolderMirror made,
        mirror_folder(
            folder, out.folder.path() / "tmp",
            surrounding_of(folder, tools_.plan.scenario.workload.recover)));
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

  Observation about(Fact fact) const {
    Observation out;
    out.source = Source::harness;
    out.fact = fact;
    out.fault = recording_.asked().fault;
    out.link = link_name(Link::recover);
    return out;
  }

  // Gives the folder below that of the evidence; nothing where it is too large.
  std::string keep(const FileTree& tree, std::size_t number,
                   const std::string& kind) {
    std::size_t size = 0;
    for (const auto& [file, content] : tree.content) {
      size += content.size();
    }
    if (size > kMostKept) {
      return "";
    }
    std::string folder =
        kCrashFolder + ("/" + std::to_string(number)) + "-" + kind;
    files_[folder + "/"] = "";
    for (const auto& [path, name] : tree.names.all()) {
      std::string at = folder;
      at.append("/").append(path);
      auto content = tree.content.find(name.file);
      bool file = name.kind == TreeName::Kind::file;
      if (name.kind == TreeName::Kind::folder) {
        files_[at.append("/")] = "";
      } else {
        files_[at] = file && content != tree.content.end() ? content->second
                                                           : name.target;
      }
    }
    return folder;
  }

  const RecoverTools& tools_;
  const LinkRecording& recording_;
  std::vector<Observation> told_;
  std::map<std::string, std::string> files_;
  std::set<std::pair<CrashStateKind, std::int64_t>> kept_;
  std::set<std::int64_t> ends_;
  int tried_ = 0;
  int lacking_ = 0;
};

}  // namespace

void add_crash_runs(const RecoverTools& tools, LinkRecording& recording,
                    Evidence::Parts& parts) {
  CrashRuns runs(tools, recording);
  const DiskRecord& record = recording.folder().record();
  const CrashFolder& asked = recording.asked();
  if (asked.fault == kNoFault) {
    auto told = runs.run_as_left(record.printed_until(record.ops.size()));
    if (!told) {
      told = std::vector<Observation>{Observation{.text = told.error().what}};
    }
    add_at_end(parts.trace, *std::move(told));
    return;
  }
  if (auto unseen = recording.close()) {
    add_at_end(parts.trace, {*std::move(unseen)});
  }
  CrashStates states(record, {asked.kinds, asked.model, asked.at_most});
  std::size_t number = 0;
  for (const CrashState& state : states.chosen()) {
    if (tools.session.stopped() || !runs.try_state(states, state, ++number)) {
      break;
    }
  }
  runs.tell_effect(states);
  add_at_end(parts.trace, runs.told());
  parts.files.merge(runs.files());
}

}  // namespace faultrig
