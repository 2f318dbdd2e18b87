// The scenarios are written to a hidden folder beside the one that they are
// for, tried there, and the folder renamed: rename(2) takes the place of
// nothing but an empty folder, so nothing of the user's is overwritten, and
// whoever interrupts us finds all or nothing.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/campaign/first_scenarios.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/run_source.h"
#include "harness/campaign/scenario_task.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/cli/report_target.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPlace = "scenarios";

// Tells what is tried, on stderr, and keeps what came of it.
class Trial : public Sink<Judgement> {
 public:
  void begun(const std::string& scenario, int) override {
    complain("trying " + for_one_line(scenario) + "\n");
  }
  void result(const Judgement& judgement) override {
    came.push_back(judgement);
  }
  std::vector<Judgement> came;
};

class InitCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("DIR", folders_, Arguments::Count::any,
                   "a folder of a Go module (default: .)");
  }
  std::string wrong() const override {
    return folders_.size() > 1 ? "expected one DIR" : "";
  }
  int run(const Surroundings& surroundings) override;

 private:
  int fill(const UserModule& module, const fs::path& place);
  int try_all(const fs::path& folder, Trial& trial) const;

  std::vector<std::string> folders_;
  Session::Options session_;
};

bool is_taken(const fs::path& place) {
  std::error_code failed;
  bool empty = fs::is_directory(place, failed) && fs::is_empty(place, failed);
  return fs::exists(fs::symlink_status(place, failed)) && !empty;
}

// A folder that goes with this object, unless it has got another name.
class Trying {
 public:
  static Result<Trying> beside(const fs::path& place) {
    fs::path folder =
        place.parent_path() / fmt::format(".faultrig-init-{}", getpid());
    std::error_code failed;
    if (!fs::create_directory(folder, failed)) {
      return system_error("make " + folder.string(),
                          failed ? failed.value() : EEXIST);
    }
    return Trying(folder);
  }
  Trying(Trying&& other) noexcept
      : path_(std::exchange(other.path_, fs::path())) {}
  Trying& operator=(Trying&&) = delete;
  Trying(const Trying&) = delete;
  Trying& operator=(const Trying&) = delete;
  ~Trying() {
    std::error_code gone;
    if (!path_.empty()) {
      fs::remove_all(path_, gone);
    }
  }
  const fs::path& path() const { return path_; }

 private:
  explicit Trying(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<> write_drafts(const std::vector<Draft>& drafts,
                      const fs::path& folder) {
  for (const Draft& draft : drafts) {
    TRY(write_text((folder / (draft.name + ".yaml")).string(), draft.yaml));
  }
  return Ok{};
}

std::string told_of(const Draft& draft, const std::vector<Judgement>& came) {
  for (const Judgement& one : came) {
    if (one.scenario == draft.name) {
      return one.verdict == Verdict::pass
                 ? "passes"
                 : std::string(verdict_name(one.verdict)) + ": " +
                       for_one_line(headline(one));
    }
  }
  return "not tried";
}

// Leaves what is worth it, with the page, and gives the folder its name.
Result<> keep(const std::vector<Draft>& drafts,
              const std::vector<std::size_t>& kept, const fs::path& folder,
              const fs::path& place) {
  std::vector<Draft> left;
  std::error_code failed;
  for (std::size_t i = 0; i < drafts.size() && !failed; ++i) {
    if (std::find(kept.begin(), kept.end(), i) != kept.end()) {
      left.push_back(drafts[i]);
    } else {
      fs::remove(folder / (drafts[i].name + ".yaml"), failed);
    }
  }
  TRY(write_text((folder / "README.md").string(), page_of(left)));
  if (!failed) {
    fs::rename(folder, place, failed);
  }
  return failed ? system_error("make " + place.string(), failed.value())
                : Result<>(Ok{});
}

std::string summary_of(const std::vector<Draft>& drafts,
                       const std::vector<std::size_t>& kept,
                       const std::vector<Judgement>& came,
                       const std::string& place) {
  std::string wrote;
  std::string left_out;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    std::string told = told_of(drafts[i], came) + "\n";
    if (std::find(kept.begin(), kept.end(), i) != kept.end()) {
      wrote +=
          fmt::format("wrote     {}/{}.yaml: {}", place, drafts[i].name, told);
    } else {
      left_out += fmt::format("left out  {}: {}", drafts[i].name, told);
    }
  }
  return wrote +
         (wrote.empty() ? ""
                        : "wrote     " + place +
                              "/README.md: the stage for GitHub and GitLab\n") +
         left_out;
}

int InitCommand::run(const Surroundings& surroundings) {
  session_ = {surroundings.environment, FAULTRIG_VERSION};
  fs::path folder = folders_.empty() ? "." : folders_.front();
  std::error_code failed;
  fs::path real = fs::canonical(folder, failed);
  if (failed || !fs::is_directory(real, failed)) {
    return tell(
        usage_error("no such folder: " + for_one_line(folder.string())));
  }
  auto module = look_at_module(real, session_);
  if (!module) {
    return tell(module.error());
  }
  fs::path place = module->root / kPlace;
  if (is_taken(place)) {
    print(for_one_line(place.string()) +
          " is there already: nothing was changed\n");
    return 0;
  }
  return fill(*module, place);
}

int InitCommand::fill(const UserModule& module, const fs::path& place) {
  std::vector<Draft> drafts = drafts_for(module);
  if (drafts.empty()) {
    return tell(usage_error("nothing to try: no package below " +
                            for_one_line(module.root.string()) +
                            " has tests, and no program listens"));
  }
  auto folder = Trying::beside(place);
  auto wrote =
      folder ? write_drafts(drafts, folder->path()) : Result<>(folder.error());
  if (!wrote) {
    return tell(wrote.error());
  }
  Trial trial;
  if (int code = try_all(folder->path(), trial); code != 0) {
    return code;
  }
  std::vector<std::size_t> kept = worth_keeping(drafts, trial.came);
  auto left =
      kept.empty() ? Result<>(Ok{}) : keep(drafts, kept, folder->path(), place);
  if (!left) {
    return tell(left.error());
  }
  print(summary_of(drafts, kept, trial.came, for_one_line(place.string())));
  if (kept.empty()) {
    complain("faultrig: nothing that was tried says anything of this module\n");
    return kTrouble;
  }
  print("next      faultrig run " + typed_word(place.string()) + "\n");
  return 0;
}

// The exit code of what went wrong with all; 0: each was tried.
int InitCommand::try_all(const fs::path& folder, Trial& trial) const {
  Selection selection;
  selection.paths = {folder.string()};
  Chosen chosen = choose(selection);
  if (chosen.exit_code != 0) {
    return chosen.exit_code;
  }
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  RunSource::Options once;
  once.environment = session_.environment;
  RunSource source(chosen.entries, once, trial);
  Deed deed = scenario_deed(chosen.entries, {});
  Pool pool(source, 1,
            [&](int socket) { return work(socket, session_, deed); });
  auto signal = pool.run(*signals);
  if (!signal) {
    return tell(signal.error());
  }
  return *signal == 0 ? 0 : tell_interrupted(*signal, pool.all_gone());
}

}  // namespace

CommandType init_command() {
  return command_type<InitCommand>(
      "init", "write first scenarios for a Go module", "faultrig init .");
}

}  // namespace faultrig
