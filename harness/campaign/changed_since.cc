// git says which files changed, go list which ones a test is made from.
#include "harness/campaign/changed_since.h"

#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/aside.h"
#include "harness/campaign/changed_files.h"
#include "harness/campaign/git.h"
#include "harness/campaign/scenario_task.h"
#include "harness/model/go_words.h"
#include "harness/run/command.h"
#include "harness/run/go_tool.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

void add_paths(const std::string& separated, const fs::path& top,
               std::set<fs::path>& into) {
  std::size_t from = 0;
  for (std::size_t to = 0;
       (to = separated.find('\0', from)) != std::string::npos; from = to + 1) {
    into.insert(top / separated.substr(from, to - from));
  }
}

// The commit where `since` and HEAD parted: what others did to `since`
// meanwhile is no change of ours.
Result<std::string> parted(Git& git, const std::string& since) {
  auto commit = git.word({"rev-parse", "--verify", "--quiet",
                          "--end-of-options", since + "^{commit}"},
                         "");
  if (!commit) {
    return usage_error("--changed-since " + for_one_line(since) +
                       ": git knows no such revision");
  }
  auto base = git.word({"merge-base", *commit, "HEAD"}, "");
  if (!base) {
    return usage_error("--changed-since " + for_one_line(since) +
                       ": git knows no commit before both it and HEAD; a "
                       "shallow clone has too few");
  }
  return base;
}

Result<ChangedFiles> files_since(Session& session, const std::string& since) {
  TRY_ASSIGN(Git git, Git::find(session));
  ChangedFiles out;
  TRY_ASSIGN(std::string top, git.word({"rev-parse", "--show-toplevel"}, ""));
  out.top = top;
  TRY_ASSIGN(std::string base, parted(git, since));
  TRY_ASSIGN(
      std::string differs,
      git.ask({"diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
               "--no-relative", "--ignore-submodules=none", base, "--"},
              top));
  TRY_ASSIGN(
      std::string fresh,
      git.ask({"ls-files", "-z", "--others", "--exclude-standard"}, top));
  TRY_ASSIGN(std::string tracked, git.ask({"ls-files", "-z"}, top));
  add_paths(differs, top, out.files);
  add_paths(fresh, top, out.files);
  add_paths(tracked, top, out.tracked);
  return out;
}

// What go builds for it; nothing where it is no go.
std::optional<GoTest> built_by_go(const Workload& workload) {
  if (workload.go_test) {
    return workload.go_test;
  }
  GoTest out;
  const std::vector<std::string>& words = workload.command;
  if (workload.service && workload.service->build) {
    out.dir = workload.service->build->dir;
    out.packages = {workload.service->build->package};
    out.flags = workload.service->build->flags;
    return out;
  }
  bool runs = words.size() > 2 && words[0] == "go" && words[1] == "run" &&
              !words[2].starts_with('-') && !words[2].ends_with(".go");
  out.dir = workload.cwd;
  out.packages = {runs ? words[2] : ""};
  return runs ? std::optional(out) : std::nullopt;
}

// Asks once for all workloads that build the same.
Result<> ask_go(Session& session, const GoTest& test,
                const std::vector<std::string>& env,
                const ChangedFiles& changed, NeededFiles& needed) {
  auto go = find_program(test.go, env);
  if (!go) {
    needed.unknown = go.error().what;
    return Ok{};
  }
  ToolCommand command{go_deps_words(test, *go), env, test.dir, {}};
  std::string key =
      shell_line(command.argv) + "|" + test.dir.string() + "|" + join(env, "|");
  std::string& known = session.learnt().words[key];
  if (known.empty()) {
    TRY_ASSIGN(CommandOutcome outcome, run_tool(session, command));
    bool told = outcome.status.clean();
    known = told ? "\n" + outcome.out : trouble_of_go(command, outcome);
  }
  if (known.starts_with('\n')) {
    add_deps(known, changed, needed);
  } else {
    needed.unknown = for_one_line(known);
  }
  return Ok{};
}

Result<NeededFiles> needed_by(Session& session, const Workload& workload,
                              const ChangedFiles& changed) {
  NeededFiles out;
  add_named(workload, changed, out);
  if (auto test = built_by_go(workload)) {
    out.unknown.clear();
    TRY(ask_go(session, *test,
               workload_environment(session.options().environment, workload),
               changed, out));
  }
  return out;
}

// A line for each that is chosen: its number and why, if it is not known.
Result<std::string> chosen_lines(Session& session, const std::string& since,
                                 const std::vector<Entry>& entries) {
  TRY_ASSIGN(ChangedFiles changed, files_since(session, since));
  std::string out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Scenario& scenario = entries[i].plan.scenario;
    NeededFiles needed;
    bool chosen = has_changed(changed, scenario.file);
    if (!chosen) {
      TRY_ASSIGN(needed, needed_by(session, scenario.workload, changed));
      chosen = touches(changed, needed);
      needed.unknown = chosen ? "" : needed.unknown;
    }
    if (chosen || !needed.unknown.empty()) {
      out += std::to_string(i) + " " + needed.unknown + "\n";
    }
  }
  return out;
}

}  // namespace

Result<ChangedEntries> changed_since(const std::string& since,
                                     std::vector<Entry> entries,
                                     const Session::Options& options) {
  TRY_ASSIGN(std::string lines, do_aside(options, [&](Session& session) {
               return chosen_lines(session, since, entries);
             }));
  ChangedEntries out;
  for (std::string_view line : lines_of(lines)) {
    std::string number(line.substr(0, line.find(' ')));
    std::string why(line.substr(number.size() + 1));
    Entry& entry = entries.at(std::stoul(number));
    if (!why.empty()) {
      out.unknown[why].push_back(shown_of(entry, options.environment).name);
    }
    out.entries.push_back(std::move(entry));
  }
  return out;
}

}  // namespace faultrig
