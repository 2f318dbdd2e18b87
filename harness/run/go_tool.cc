// The go command of a workload: which it is, and the test binary that it
// builds. What it is told is in harness/model/go_words.
#include "harness/run/go_tool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/go_words.h"
#include "harness/run/command.h"

namespace faultrig {

namespace {

// Of the environment, by which its answers differ.
std::string what_go_reads(const std::vector<std::string>& env) {
  std::string out;
  for (const std::string& entry : env) {
    bool read = entry.starts_with("GO") || entry.starts_with("HOME=") ||
                entry.starts_with("XDG_CONFIG_HOME=");
    out += read ? "|" + entry : "";
  }
  return out;
}

}  // namespace

std::vector<std::string> workload_environment(
    const std::vector<std::string>& users, const Workload& workload) {
  std::vector<std::string> out;
  for (const std::string& entry : users) {
    std::string name = entry.substr(0, entry.find('='));
    auto names = [&](const auto& list) {
      return std::find(std::begin(list), std::end(list), name) !=
             std::end(list);
    };
    bool kept =
        !workload.clean_env || names(kAlwaysKept) || names(workload.keep_env);
    if (kept && !workload.env.contains(name)) {
      out.push_back(entry);
    }
  }
  for (const auto& [name, value] : workload.env) {
    out.push_back(join({name, value}, "="));
  }
  return out;
}

std::string trouble_of_go(const ToolCommand& command,
                          const CommandOutcome& outcome) {
  std::string text = outcome.err + outcome.out;
  std::string go = "go " + command.argv[1] + ": ";
  for (std::string_view line : lines_of(text)) {
    if (!line.empty() && !line.starts_with('#')) {
      return go + std::string(line);
    }
  }
  return go + "go " + outcome.status.text();
}

Result<std::string> output_of_go(Session& session, const ToolCommand& command) {
  TRY_ASSIGN(CommandOutcome outcome, run_tool(session, command));
  return outcome.status.clean()
             ? Result<std::string>(outcome.out)
             : usage_error(for_one_line(trouble_of_go(command, outcome)));
}

Result<std::filesystem::path> folder_to_build_in(Session& session) {
  std::filesystem::path place =
      (session.work().empty() ? session.scratch() : session.work()) /
      ("built-" + std::to_string(session.learnt().words.size()));
  std::error_code failed;
  std::filesystem::create_directory(place, failed);
  if (failed) {
    return system_error("make " + place.string(), failed.value());
  }
  return place;
}

Result<GoCommand> find_go(Session& session, const GoTest& test,
                          const std::vector<std::string>& env) {
  GoCommand go;
  TRY_ASSIGN(go.path, find_program(test.go, env));
  // GOTOOLCHAIN and go.mod may choose another version for another folder.
  std::string key =
      "go env of " + go.path + " in " + test.dir.string() + what_go_reads(env);
  std::string& known = session.learnt().words[key];
  if (known.empty()) {
    ToolCommand ask{{go.path, "env", "GOVERSION", "GOFLAGS"},
                    env,
                    test.dir,
                    {},
                    std::chrono::minutes(1)};
    TRY_ASSIGN(CommandOutcome outcome, run_tool(session, ask));
    // Of a go that cannot even tell its version, the run has the words.
    if (!outcome.status.clean()) {
      return go;
    }
    known = outcome.out + "\n\n";
  }
  std::vector<std::string_view> told = lines_of(known);
  go.version = told[0];
  go.goflags = told[1];
  if (go.version.starts_with("go1.")) {
    go.minor = std::atoi(go.version.c_str() + 4);
  }
  return go;
}

namespace {

// What go printed; nothing where it failed: then `binary` says why.
Result<std::optional<std::string>> ask_go(Session& session,
                                          const ToolCommand& command,
                                          TestBinary& binary) {
  auto outcome = run_tool(session, command);
  binary.late = !outcome && outcome.error().os_errno == ETIMEDOUT;
  if (binary.late) {
    binary.not_built = "go " + command.argv[1] + " had not ended after " +
                       format_duration(command.deadline);
    return std::optional<std::string>();
  }
  if (!outcome) {
    return outcome.error();
  }
  if (!outcome->status.clean()) {
    binary.not_built = trouble_of_go(command, *outcome);
    return std::optional<std::string>();
  }
  return std::optional(outcome->out);
}

Result<> find_folder(Session& session, const GoTest& test, ToolCommand command,
                     TestBinary& binary) {
  command.argv = go_list_words(test, command.argv.front());
  TRY_ASSIGN(auto listed, ask_go(session, command, binary));
  std::string out = listed.value_or("");
  std::vector<std::string_view> folders = lines_of(out);
  if (folders.size() > 1) {
    return usage_error("mode: binary takes one package, not " +
                       test.packages.front());
  }
  if (folders.empty() && binary.not_built.empty()) {
    binary.not_built = "go list found no package " + test.packages.front();
  }
  binary.folder = folders.empty() ? "" : std::string(folders.front());
  return Ok{};
}

Result<> compile(Session& session, const Plan& plan, ToolCommand command,
                 TestBinary& binary) {
  const GoTest& test = *plan.scenario.workload.go_test;
  command.cwd = test.dir;
  command.deadline = plan.scenario.workload.compile_within;
  TRY(find_folder(session, test, command, binary));
  if (!binary.not_built.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(std::filesystem::path place, folder_to_build_in(session));
  // As go names it.
  std::string name = std::filesystem::path(binary.folder).filename().string();
  binary.path = (place / (name + ".test")).string();
  command.argv = go_build_words(test, command.argv.front(), binary.path);
  TRY_ASSIGN(auto built, ask_go(session, command, binary));
  if (built && access(binary.path.c_str(), X_OK) != 0) {
    binary.not_built = "go test -c made no test binary";
  }
  return Ok{};
}

}  // namespace

Result<TestBinary> build_test(Session& session, const Plan& plan,
                              const GoCommand& go,
                              const std::vector<std::string>& env) {
  const GoTest& test = *plan.scenario.workload.go_test;
  GoFlags flags = split_flags(test.flags);
  std::string what = go.path + "|" + test.dir.string() + "|" +
                     join(test.packages, "|") + "|" + join(flags.build, "|") +
                     "|" + join(env, "|");
  std::string& known = session.learnt().words[what];
  TestBinary binary;
  binary.args = test_binary_words(plan, go.minor, words_of_goflags(go.goflags));
  if (known.empty()) {
    TRY(compile(session, plan, ToolCommand{{go.path}, env}, binary));
    if (!binary.not_built.empty()) {
      return binary;
    }
    known = binary.path + "\n" + binary.folder;
  }
  binary.path = known.substr(0, known.find('\n'));
  binary.folder = known.substr(known.find('\n') + 1);
  return binary;
}

std::vector<std::string> wrapper_line(const Plan& plan, const GoCommand& go,
                                      const TestBinary& binary,
                                      std::vector<std::string> exec,
                                      const std::string& main_file) {
  exec.push_back(binary.path);
  exec.insert(exec.end(), binary.args.begin(), binary.args.end());
  if (plan.wrapper == Wrapper::go_run) {
    return {go.path, "run", exec_flag(exec), main_file};
  }
  // Without the exit, a shell may exec its last command: no shell is left to
  // show anything.
  const char* script = plan.wrapper == Wrapper::pipeline
                           ? "\"$@\" | cat; exit $?"
                           : "\"$@\"; exit $?";
  std::vector<std::string> line{"/bin/sh", "-c", script, "sh"};
  line.insert(line.end(), exec.begin(), exec.end());
  return line;
}

}  // namespace faultrig
