// What `go test` would do, said by us: the flags that mode binary passes are
// those that cmd/go passes (go help testflag): test flags get the prefix
// `test.`, all others belong to the build.
#include "harness/run/go_tool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/run/command.h"

namespace faultrig {

namespace {

// Test flags of cmd/go that take a value (after = or as the next word), and
// those that may stand alone.
const std::set<std::string_view>& test_flags_with_value() {
  static const std::set<std::string_view> kFlags{
      "bench",        "benchtime",
      "blockprofile", "blockprofilerate",
      "coverprofile", "cpu",
      "cpuprofile",   "fuzz",
      "fuzztime",     "list",
      "memprofile",   "memprofilerate",
      "mutexprofile", "outputdir",
      "parallel",     "shuffle",
      "trace",        "fuzzminimizetime"};
  return kFlags;
}

const std::set<std::string_view>& test_flags_alone() {
  static const std::set<std::string_view> kFlags{"v", "short", "failfast",
                                                 "benchmem", "fullpath"};
  return kFlags;
}

std::string flag_name(std::string_view flag) {
  std::string_view name = flag.substr(flag.find_first_not_of('-'));
  name = name.substr(0, name.find('='));
  if (name.starts_with("test.")) {
    name.remove_prefix(5);
  }
  return std::string(name);
}

struct SplitFlags {
  std::vector<std::string> build;
  std::vector<std::string> test;
};

SplitFlags split_flags(const std::vector<std::string>& flags) {
  SplitFlags out;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const std::string& flag = flags[i];
    if (!flag.starts_with('-') ||
        flag.find_first_not_of('-') == std::string::npos) {
      out.build.push_back(flag);
      continue;
    }
    std::string name = flag_name(flag);
    bool valued = test_flags_with_value().contains(name);
    if (!valued && !test_flags_alone().contains(name)) {
      out.build.push_back(flag);
      continue;
    }
    std::size_t equals = flag.find('=');
    bool next = valued && equals == std::string::npos && i + 1 < flags.size();
    std::string value = equals != std::string::npos ? flag.substr(equals)
                        : next                      ? "=" + flags[++i]
                                                    : "";
    out.test.push_back(join({"-test.", name, value}, ""));
  }
  return out;
}

// Quoted for the fields of -exec (go help run: quoted.Split, no escapes). A
// quote within a word is none to go.
std::string exec_field(const std::string& word) {
  bool starts_quoted = word.starts_with('\'') || word.starts_with('"');
  if (!starts_quoted && word.find_first_of(" \t\n\r") == std::string::npos) {
    return word;
  }
  char quote = word.find('\'') == std::string::npos ? '\'' : '"';
  return quote + word + quote;
}

std::string exec_flag(const std::vector<std::string>& words) {
  std::vector<std::string> fields;
  fields.reserve(words.size());
  for (const std::string& word : words) {
    fields.push_back(exec_field(word));
  }
  return "-exec=" + join(fields, " ");
}

std::string verbose_flag(const GoCommand& go) {
  return go.minor >= 20 ? "-v=test2json" : "-v";
}

std::string first_line_of_trouble(const CommandOutcome& outcome) {
  std::string text = outcome.err + outcome.out;
  for (std::string_view line : lines_of(text)) {
    if (!line.empty() && !line.starts_with('#')) {
      return std::string(line);
    }
  }
  return "go " + outcome.status.text();
}

}  // namespace

std::vector<std::string> workload_environment(
    const std::vector<std::string>& users, const Workload& workload) {
  static constexpr std::string_view kNeeded[] = {
      "PATH", "HOME", "GOPATH", "GOCACHE", "GOMODCACHE", "GOROOT", "GOPROXY"};
  std::vector<std::string> out;
  for (const std::string& entry : users) {
    std::string name = entry.substr(0, entry.find('='));
    auto names = [&](const auto& list) {
      return std::find(std::begin(list), std::end(list), name) !=
             std::end(list);
    };
    bool kept =
        !workload.clean_env || names(kNeeded) || names(workload.keep_env);
    if (kept && !workload.env.contains(name)) {
      out.push_back(entry);
    }
  }
  for (const auto& [name, value] : workload.env) {
    out.push_back(join({name, value}, "="));
  }
  return out;
}

Result<GoCommand> find_go(Session& session, const GoTest& test,
                          const std::vector<std::string>& env) {
  GoCommand go;
  TRY_ASSIGN(go.path, find_program(test.go, env));
  // GOTOOLCHAIN and go.mod may choose another version for another folder.
  std::string key = "go version of " + go.path + " in " + test.dir.string();
  std::string& known = session.memory()[key];
  if (known.empty()) {
    ToolCommand ask{{go.path, "env", "GOVERSION"},
                    env,
                    test.dir,
                    {},
                    std::chrono::minutes(1)};
    TRY_ASSIGN(CommandOutcome outcome, run_tool(session, ask));
    if (!outcome.status.clean()) {
      return Error{ErrorKind::system,
                   "go env: " + first_line_of_trouble(outcome), 0};
    }
    known = std::string(lines_of(outcome.out + "\n").front());
  }
  go.version = known;
  if (known.starts_with("go1.")) {
    go.minor = std::atoi(known.c_str() + 4);
  }
  return go;
}

std::vector<std::string> go_test_line(const Plan& plan, const GoCommand& go,
                                      const std::vector<std::string>& exec) {
  const GoTest& test = *plan.scenario.workload.go_test;
  std::vector<std::string> line{go.path, "test",
                                "-count=" + std::to_string(test.count)};
  line.push_back(exec_flag(exec));
  auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) {
      line.push_back(flag + value);
    }
  };
  add("-run=", test.run);
  add("-skip=", test.skip);
  add("-timeout=", test.timeout);
  line.insert(line.end(), test.flags.begin(), test.flags.end());
  if (plan.wants_test_events) {
    // Behind the author's own -v, which would take testing's marks away.
    line.push_back(verbose_flag(go));
  }
  line.insert(line.end(), test.packages.begin(), test.packages.end());
  if (!test.args.empty()) {
    line.emplace_back("-args");
    line.insert(line.end(), test.args.begin(), test.args.end());
  }
  return line;
}

bool asks_json(const Plan& plan) {
  const auto& flags = plan.scenario.workload.go_test->flags;
  return plan.chain() &&
         std::any_of(flags.begin(), flags.end(), [](const std::string& flag) {
           return flag == "-json" || flag == "--json" || flag == "-json=true" ||
                  flag == "--json=true";
         });
}

namespace {

std::vector<std::string> binary_arguments(const Plan& plan, const GoCommand& go,
                                          const SplitFlags& flags) {
  const GoTest& test = *plan.scenario.workload.go_test;
  std::vector<std::string> args{
      "-test.paniconexit0",
      "-test.timeout=" + (test.timeout.empty() ? "10m0s" : test.timeout),
      "-test.count=" + std::to_string(test.count)};
  if (!test.run.empty()) {
    args.push_back("-test.run=" + test.run);
  }
  if (!test.skip.empty()) {
    args.push_back("-test.skip=" + test.skip);
  }
  args.insert(args.end(), flags.test.begin(), flags.test.end());
  if (plan.wants_test_events) {
    args.push_back(go.minor >= 20 ? "-test.v=test2json" : "-test.v=true");
  }
  args.insert(args.end(), test.args.begin(), test.args.end());
  return args;
}

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
    binary.not_built =
        "go " + command.argv[1] + ": " + first_line_of_trouble(*outcome);
    return std::optional<std::string>();
  }
  return std::optional(outcome->out);
}

Result<> find_folder(Session& session, const GoTest& test,
                     const SplitFlags& flags, ToolCommand command,
                     TestBinary& binary) {
  command.argv.insert(command.argv.end(), {"list", "-f", "{{.Dir}}"});
  for (const std::string& flag : flags.build) {
    if (flag.starts_with("-tags") || flag.starts_with("-mod")) {
      command.argv.push_back(flag);
    }
  }
  command.argv.push_back(test.packages.front());
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

// `store.test`, as go names it, in a folder of its own.
Result<std::string> binary_path(Session& session, const std::string& folder) {
  namespace fs = std::filesystem;
  fs::path place =
      (session.work().empty() ? session.scratch() : session.work()) /
      ("binary-" + std::to_string(session.memory().size()));
  std::error_code failed;
  fs::create_directory(place, failed);
  if (failed) {
    return system_error("make " + place.string(), failed.value());
  }
  return (place / (fs::path(folder).filename().string() + ".test")).string();
}

Result<> compile(Session& session, const Plan& plan, ToolCommand command,
                 TestBinary& binary) {
  const GoTest& test = *plan.scenario.workload.go_test;
  SplitFlags flags = split_flags(test.flags);
  command.cwd = test.dir;
  command.deadline = plan.scenario.workload.compile_within;
  TRY(find_folder(session, test, flags, command, binary));
  if (!binary.not_built.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(binary.path, binary_path(session, binary.folder));
  command.argv.insert(command.argv.end(), {"test", "-c", "-o", binary.path});
  command.argv.insert(command.argv.end(), flags.build.begin(),
                      flags.build.end());
  command.argv.push_back(test.packages.front());
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
  SplitFlags flags = split_flags(test.flags);
  std::string what = go.path + "|" + test.dir.string() + "|" +
                     join(test.packages, "|") + "|" + join(flags.build, "|") +
                     "|" + join(env, "|");
  std::string& known = session.memory()[what];
  TestBinary binary;
  binary.args = binary_arguments(plan, go, flags);
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
