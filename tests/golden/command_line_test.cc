// What people read who ask how faultrig is called, byte for byte.
#include "harness/cli/command_line.h"

#include <gtest/gtest.h>

#include "harness/cli/shared_options.h"

namespace faultrig {
namespace {

std::string said_to(const std::vector<std::string>& arguments) {
  return read_command_line(arguments).answer.text;
}

TEST(CommandLineText, NamesTheCommands) {
  EXPECT_EQ(said_to({"--help"}),
            R"(faultrig: breaks Go tests on purpose, tells what happened
Usage: faultrig [OPTIONS] SUBCOMMAND

Options:
  -h,--help             Print this help message and exit
  --version             Display program version information and exit

Subcommands:
  run                   run scenarios, tell what happened
  learn                 lessons on exit codes: predict, run, understand
  workshop              the lessons of `learn` on a page, for a room
  init                  write first scenarios for a Go module
  check                 validate scenarios; nothing is run
  plan                  show what a run would do; nothing is done
  judge                 judge kept evidence again
  export                kept runs for other tools: OTLP, Chrome trace events
  merge                 join the reports of shards
  explain               say why a run failed, what a code or a name means
  atlas                 provoke every cause, show the exit codes at every link
  witness               the truthful -exec program of go test
  shutdown              does a service stop cleanly, whenever it is told to?
  sweep                 what becomes of an error at each call site?
  floors                the least memory, descriptors, ... with which it still
                        passes
  minimise              the smallest scenario that comes to the same
  replay                make a scenario of a strace output or a log
  record                what each run of a program shows, as a text to keep
  compare               one program beside another: what is new, gone, slower?
  goroutines            the goroutines of a Go program that runs, from outside
  flame                 flame graphs (SVG) and folded stacks of profiles
  list                  list scenarios with their tags
  doctor                what this machine can do, and what not
  schema                print the JSON Schema of a scenario or of a report
  completion            print completions for a shell, or the manual page

Exit codes: 0 all passed, 1 some failed, 2 usage or scenario error,
3 inconclusive or an error of ours, 77 nothing could run here or was run.
Example: faultrig run scenarios --tag workshop
)");
}

TEST(CommandLineText, ShowsWhatStandsBehindTheDashes) {
  EXPECT_NE(said_to({"shutdown", "--help"})
                .find("\nUsage: faultrig shutdown [OPTIONS] -- COMMAND "
                      "[ARG...]\n\nOptions:"),
            std::string::npos);
  EXPECT_NE(
      said_to({"sweep", "--help"}).find("[PACKAGE...] [-- COMMAND [ARG...]]\n"),
      std::string::npos);
}

TEST(CommandLineText, WrapsTheOptionsOfACommandAtEightyColumns) {
  EXPECT_EQ(said_to({"atlas", "--help"}),
            R"(provoke every cause, show the exit codes at every link
Usage: faultrig atlas [OPTIONS] [PATH...]

Positionals:
  PATH TEXT ...         folder of the scenarios (default: ./scenarios)

Options:
  -h,--help             Print this help message and exit
  --color TEXT          auto, always or never
  --only TEXT ...       only causes whose id matches GLOB; may repeat
  -j,--jobs INT:INT in [1 - 256]
                        run N at a time (default: 1)
  --json Excludes: --markdown --precision
                        for programs
  --markdown Excludes: --json --precision
                        docs/exit-codes.md
  --score TEXT          explain the logs of DIR, whose right answers
                        DIR/cases.tsv has, and count: right, undecided, none,
                        wrong
  --precision Excludes: --json --markdown
                        how well logs and evidence tell each cause:
                        docs/precision.md

Example: faultrig atlas --only 'oom*'
)");
}

TEST(CommandLineText, SaysWhatIsWrongAndWhereHelpIs) {
  EXPECT_EQ(said_to({"runn"}),
            "faultrig: unknown command 'runn' (did you mean 'run'?)\n"
            "try: faultrig --help\n");
  EXPECT_EQ(said_to({"run", "--nonsense"}),
            "faultrig: The following argument was not expected: --nonsense\n"
            "try: faultrig run --help\n");
  EXPECT_EQ(said_to({"judge"}),
            "faultrig: DIR is required\ntry: faultrig judge --help\n");
  EXPECT_EQ(said_to({"run", "--keep-output", "lots"}),
            "faultrig: --keep-output lots: expected a size such as 16MiB\n"
            "try: faultrig run --help\n");
  EXPECT_EQ(said_to({"shutdown", "--times", "3"}),
            "faultrig: name the service behind --: faultrig shutdown -- "
            "./server\ntry: faultrig shutdown --help\n");
  EXPECT_EQ(said_to({"shutdown", "--signal", "SIGTREM", "--", "true"}),
            "faultrig: --signal SIGTREM: expected a signal that ends a program "
            "(did you mean 'SIGTERM'?)\ntry: faultrig shutdown --help\n");
  EXPECT_EQ(said_to({"witness"}),
            "faultrig: witness needs a program: faultrig witness -- PROG "
            "[ARGS...]\ntry: faultrig witness --help\n");
  EXPECT_EQ(said_to({"--nonsense"}),
            "faultrig: A subcommand is required\ntry: faultrig --help\n");
}

TEST(CommandLineText, NamesWhatIsLeftOverInTheOrderInWhichItWasWritten) {
  EXPECT_EQ(said_to({"witness", "--memroy", "4MiB", "--", "true"}),
            "faultrig: The following arguments were not expected: --memroy "
            "4MiB (did you mean '--memory'?)\n"
            "try: faultrig witness --help\n");
  EXPECT_EQ(said_to({"run", "--repot=json"}),
            "faultrig: The following argument was not expected: --repot=json "
            "(did you mean '--report'?)\ntry: faultrig run --help\n");
}

TEST(CommandLineText, NamesTheGlobsAndTagsThatNoScenarioMatches) {
  Selection selection;
  selection.only = {"memory/*", "x"};
  selection.tags = {"slow"};
  EXPECT_EQ(nothing_matches(selection),
            "no scenario matches --only 'memory/*' --only x --tag slow");
}

}  // namespace
}  // namespace faultrig
