#include "harness/cli/options.h"

#include <set>
#include <utility>

#include <CLI/CLI.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/cli/output.h"
#include "harness/report/report.h"
#include "harness/report/wrap.h"

namespace faultrig {

namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 24;

struct Command {
  const char* name;
  const char* summary;
  const char* example;
  void (*add)(CLI::App&, Options&, std::vector<std::string>& reports);
};

void add_selection(CLI::App& app, Options& options) {
  app.add_option("PATH", options.selection.paths,
                 "scenario files or folders (default: ./scenarios)");
  app.add_option("--only", options.selection.only,
                 "only scenarios whose name matches GLOB");
  app.add_option("--tag", options.selection.tags,
                 "only scenarios with this tag; may repeat")
      ->allow_extra_args(false);
}

void add_checked(CLI::App& app, Options& options) {
  add_selection(app, options);
  app.add_flag("--strict", options.selection.strict,
               "a scenario without `expect` is an error");
}

void add_run(CLI::App& app, Options& options,
             std::vector<std::string>& reports) {
  add_checked(app, options);
  app.add_option("-j,--jobs", options.jobs, "run N at a time (default: 1)")
      ->check(CLI::Range(1, 256));
  app.add_option("--repeat", options.repeat, "run each N times")
      ->check(CLI::Range(1, 1000000));
  app.add_option("--seed", options.selection.seed,
                 "what `chance` draws from (default: 1)");
  app.add_option("--slow", options.selection.slow,
                 "deadlines are N times longer, as for an emulator")
      ->envname("FAULTRIG_SLOW")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--stop-early", options.stop_early,
               "stop at the first that does not pass");
  app.add_option(
         "--report", reports,
         "FORMAT[:FILE], " + report_names(" (default)") + "; may repeat")
      ->allow_extra_args(false);
  app.add_option("--evidence", options.evidence,
                 "keep each run's evidence below DIR");
  app.add_option("--keep-output", options.keep_output,
                 "bytes of each stream kept (default: 16MiB)");
}

void add_check(CLI::App& app, Options& options, std::vector<std::string>&) {
  add_checked(app, options);
}

void add_selection_only(CLI::App& app, Options& options,
                        std::vector<std::string>&) {
  add_selection(app, options);
}

void add_plan(CLI::App& app, Options& options, std::vector<std::string>&) {
  app.add_option("PATH", options.selection.paths, "a scenario file")
      ->required();
}

void add_judge(CLI::App& app, Options& options,
               std::vector<std::string>& reports) {
  app.add_option("DIR", options.selection.paths,
                 "folders that --evidence has written")
      ->required();
  app.add_option("--report", reports,
                 "FORMAT[:FILE], " + report_names(" (default)"))
      ->allow_extra_args(false);
}

void add_explain(CLI::App& app, Options& options, std::vector<std::string>&) {
  app.add_option("WHAT", options.what,
                 "an exit code; a log of go test, or - for stdin; a folder of "
                 "evidence; a cause, an injector, an expectation, `when`, ...; "
                 "none: a list of names");
  app.add_flag("--json", options.json, "for programs");
  app.add_flag("--all", options.all,
               "also what else matched, and was outranked");
}

void add_atlas(CLI::App& app, Options& options, std::vector<std::string>&) {
  app.add_option("PATH", options.selection.paths,
                 "folder of the scenarios (default: ./scenarios)");
  app.add_option("--only", options.selection.only,
                 "only causes whose id matches GLOB");
  app.add_option("-j,--jobs", options.jobs, "run N at a time (default: 1)")
      ->check(CLI::Range(1, 256));
  auto* json = app.add_flag("--json", options.json, "for programs");
  auto* markdown =
      app.add_flag("--markdown", options.markdown, "docs/exit-codes.md");
  app.add_option("--score", options.score,
                 "explain the logs of DIR, whose right answers DIR/cases.tsv "
                 "has, and count: right, undecided, none, wrong");
  app.add_flag("--precision", options.precision,
               "how well logs and evidence tell each cause: docs/precision.md")
      ->excludes(json)
      ->excludes(markdown->excludes(json));
}

void add_doctor(CLI::App& app, Options& options, std::vector<std::string>&) {
  app.add_flag("--clean", options.clean,
               "remove what killed faultrigs have left");
  app.add_flag("--json", options.json, "the same for programs");
}

void add_witness(CLI::App& app, Options& options, std::vector<std::string>&) {
  WitnessOptions& witness = options.witness;
  app.add_option("--out", witness.out,
                 "keep what was seen below DIR, a folder for each program");
  app.add_option("--junit", witness.junit,
                 "a JUnit report of all programs of one `go test`");
  app.add_option_function<std::string>(
         "--memory",
         [&witness](const std::string& text) {
           witness.memory = parse_bytes(text);
         },
         "cap the memory of its cgroup, such as 128MiB")
      ->check([](const std::string& text) {
        auto size = parse_bytes(text);
        return size && size->count > 0 ? "" : "expected a size such as 128MiB";
      });
  app.add_option("--fds", witness.fds, "cap its open descriptors")
      ->check(CLI::Range(3, 1 << 20));
  app.add_option("--pids", witness.pids,
                 "cap its processes and threads (pids cgroup)")
      ->check(CLI::Range(1, 1 << 22));
  app.add_flag("--strict", witness.strict,
               "exit 1 where the program exited 0 and no PASS was said");
}

void add_nothing(CLI::App&, Options&, std::vector<std::string>&) {}

constexpr Command kCommands[] = {
    {"run", "run scenarios, tell what happened",
     "faultrig run scenarios/memory -j 2 --evidence /tmp/evidence", add_run},
    {"check", "validate scenarios; nothing is run", "faultrig check scenarios",
     add_check},
    {"plan", "show what a run would do; nothing is done",
     "faultrig plan scenarios/memory/killed_by_oom.yaml", add_plan},
    {"judge", "judge kept evidence again",
     "faultrig judge /tmp/evidence/memory/killed_by_oom", add_judge},
    {"explain", "say why a run failed, what a code or a name means",
     "go test ./... 2>&1 | faultrig explain -\n"
     "Exit codes: 0 a cause was found or the name is known, 3 none was found.",
     add_explain},
    {"atlas", "provoke every cause, show the exit codes at every link",
     "faultrig atlas --only 'oom*'", add_atlas},
    {"witness", "the truthful -exec program of go test",
     "go test -exec 'faultrig witness --junit report.xml --' ./...\n"
     "         faultrig witness --memory 64MiB -- ./store.test -test.v",
     add_witness},
    {"list", "list scenarios with their tags", "faultrig list --tag workshop",
     add_selection_only},
    {"doctor", "what this machine can do, and what not",
     "faultrig doctor --clean", add_doctor},
    {"schema", "print the JSON Schema of a scenario",
     "faultrig schema > scenario.schema.json", add_nothing},
};

std::optional<ReportTarget> report_target(const std::string& text) {
  std::size_t colon = text.find(':');
  ReportTarget target{text.substr(0, colon),
                      colon == std::string::npos ? "" : text.substr(colon + 1)};
  bool known = find_report(target.format) != nullptr;
  bool file_ok = colon == std::string::npos || !target.file.empty();
  return known && file_ok ? std::optional(target) : std::nullopt;
}

Answer mistake(const std::string& what) {
  return {"faultrig: " + what + "\n", true, kUsage};
}

// `runn` -> run.
std::string near_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    names.emplace_back(command.name);
  }
  for (const std::string& word : arguments) {
    if (!word.starts_with('-')) {
      bool known = std::find(names.begin(), names.end(), word) != names.end();
      return known ? ""
                   : "unknown command '" + word + "'" + suggestion(word, names);
    }
  }
  return "";
}

std::string check_values(Options& options,
                         const std::vector<std::string>& reports) {
  static const std::set<std::string> kColors{"auto", "always", "never"};
  for (const std::string& text : reports) {
    auto target = report_target(text);
    if (!target) {
      return "--report " + text + ": expected " + report_names() +
             ", or json:FILE";
    }
    options.reports.push_back(*target);
  }
  if (!kColors.contains(options.color)) {
    return "--color " + options.color + ": expected auto, always or never";
  }
  if (options.command == "witness" && options.witness.program.empty()) {
    return "witness needs a program: faultrig witness -- PROG [ARGS...]";
  }
  if (!parse_bytes(options.keep_output)) {
    return "--keep-output " + options.keep_output +
           ": expected a size such as 16MiB";
  }
  return "";
}

void describe(CLI::App& app) {
  app.description("faultrig: breaks Go tests on purpose, tells what happened");
  app.set_version_flag("--version", "faultrig " FAULTRIG_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 all passed, 1 some failed, 2 usage or scenario error,\n"
      "3 inconclusive or an error of ours, 77 nothing could run here.\n"
      "Example: faultrig run scenarios --tag workshop");
  app.get_formatter()->column_width(kHelpColumn);
}

// CLI11 leaves long lines to the terminal, which knows no columns.
std::string fitted(const std::string& help) {
  std::string out;
  for (std::string_view line : lines_of(help)) {
    std::string head(line.substr(0, kHelpColumn));
    std::string_view rest = line.substr(head.size());
    std::size_t text = rest.find_first_not_of(' ');
    bool fits = line.size() <= kColumns || text == std::string_view::npos;
    out += fits ? std::string(line) + "\n"
                : wrapped(head, rest.substr(text), kHelpColumn);
  }
  return out;
}

}  // namespace

CommandLine read_command_line(const std::vector<std::string>& all) {
  Options options;
  // What stands behind the first `--` of `witness` is not ours to read.
  std::vector<std::string> arguments = all;
  if (!all.empty() && all.front() == "witness") {
    auto mark = std::find(arguments.begin(), arguments.end(), "--");
    if (mark != arguments.end()) {
      options.witness.program.assign(mark + 1, arguments.end());
      arguments.erase(mark, arguments.end());
    }
  }
  std::vector<std::string> reports;
  CLI::App app("", "faultrig");
  describe(app);
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer(std::string("Example: ") + command.example);
    sub->add_option("--color", options.color, "auto, always or never");
    command.add(*sub, options, reports);
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    auto chosen = app.get_subcommands();
    return {
        std::nullopt,
        {fitted(chosen.empty() ? app.help() : chosen[0]->help("faultrig"))}};
  } catch (const CLI::CallForVersion& version) {
    return {std::nullopt, {std::string(version.what()) + "\n"}};
  } catch (const CLI::ParseError& wrong) {
    std::string unknown = near_command(arguments);
    return {std::nullopt, mistake((unknown.empty() ? wrong.what() : unknown) +
                                  "\ntry: faultrig --help")};
  }
  options.command = app.get_subcommands().front()->get_name();
  if (std::string wrong = check_values(options, reports); !wrong.empty()) {
    return {std::nullopt, mistake(wrong)};
  }
  return {options, {}};
}

}  // namespace faultrig
