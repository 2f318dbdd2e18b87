// What a test says in its message is the test's speech: where it compares, it
// may quote any words. And what a tool says for which there is no row is shown,
// not explained.
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> said_by_a_test(const std::string& message) {
  return causes_of("--- FAIL: TestX (0.00s)\n" + message +
                   "FAIL\nFAIL\tm/x\t0.1s\nFAIL\n");
}

TEST(QuotedLogs, DoubtTheWordsOfATestThatCompares) {
  for (const char* message :
       {"    x_test.go:9: Status(9).String() = \"signal: killed\", want "
        "\"x\"\n",
        "    x_test.go:9: mapErrno(28) = no space left on device, want Quota\n",
        "    x_test.go:9: got open /x: permission denied, expected Denied\n",
        "    x_test.go:9: classify(\"bind: address already in use\") should be "
        "fatal\n",
        "    x_test.go:9: mismatch (-want +got):\n"
        "        - \"dial tcp: connection refused\",\n        + \"x\",\n",
        "    x_test.go:9: \n        \tError Trace:\tx_test.go:9\n"
        "        \tError:      \tNot equal: \n"
        "        \t            \texpected: \"a\"\n"
        "        \t            \tactual  : \"open x: too many open files\"\n",
        "    x_test.go:9: output:\n        got:\n"
        "            testing.go:1399: race detected during execution of test\n"
        "        want:\n            nothing\n"}) {
    EXPECT_THAT(said_by_a_test(message), ElementsAre(HasSubstr(" possible")))
        << message;
  }
}

TEST(QuotedLogs, BelieveATestThatWantedNoError) {
  const std::pair<const char*, const char*> rows[] = {
      {"    x_test.go:9: write /tmp/x: no space left on device\n", "disk_full"},
      {"    x_test.go:9: Open() error = open x: permission denied, wantErr "
       "false\n",
       "permission_denied"},
      {"    x_test.go:9: expected no error, got dial tcp: connect: connection "
       "refused\n",
       "connection_refused"},
      {"    x_test.go:9: \n        \tError Trace:\tx_test.go:9\n"
       "        \tError:      \tReceived unexpected error:\n"
       "        \t            \topen x: no such file or directory\n",
       "file_missing"},
      {"    x_test.go:8: got 3, want 4\n"
       "    x_test.go:9: dial tcp: connect: connection refused\n",
       "connection_refused"},
      {"    testing.go:1399: race detected during execution of test\n",
       "race_in_test"}};
  for (const auto& [message, id] : rows) {
    EXPECT_THAT(said_by_a_test(message),
                ElementsAre(std::string(id) + " likely"))
        << message;
  }
}

TEST(QuotedLogs, AskWhetherTheTestWantedAnError) {
  const std::string message =
      "    x_test.go:9: Load() error = open x: permission denied, wantErr ";
  EXPECT_THAT(said_by_a_test(message + "true\n"),
              ElementsAre("permission_denied possible"));
  EXPECT_THAT(said_by_a_test(message + "false\n"),
              ElementsAre("permission_denied likely"));
}

TEST(QuotedLogs, WantTheWholeLineOfGoleak) {
  EXPECT_THAT(said_by_a_test("    leaks.go:78: found unexpected goroutines:\n"
                             "        [Goroutine 7 in state select]\n"),
              ElementsAre("goleak likely"));
  EXPECT_THAT(said_by_a_test("    x_test.go:9: report must contain \"found "
                             "unexpected goroutines:\"\n"),
              ElementsAre("failed_test likely"));
}

Explained built(const std::string& lines, const std::string& how) {
  return explained("# m/x\n" + lines + "FAIL\tm/x [" + how +
                   " failed]\nFAIL\n");
}

// None of these is a type that does not fit, a function that is missing, ...
TEST(QuotedLogs, ShowTheFirstLineThatIsNotKnown) {
  const std::pair<const char*, const char*> rows[] = {
      {"./x.go:7:1: missing return\n", "build"},
      {"./x.go:3:14: invalid operation: division by zero\n", "build"},
      {"./x.go:3:14: cannot use _ as value\n", "build"},
      {"./x.go:17:7: duplicate case \"a\" in expression switch\n", "build"},
      {"./x.go:3:5: initialization cycle or refers to itself:\n", "build"},
      {"./x.go:9:2: label L defined and not used\n", "build"},
      {"link: m/dep: invalid reference to runtime.memhash\n", "build"},
      {"asm: open textflagx.h: no such file or directory\n", "build"},
      {"gcc: error trying to exec 'cc1': execv: Permission denied\n", "build"},
      {"a.go:4:2: module a.org/b@latest found (v1.9.0), but does not contain "
       "package a.org/b/v1\n",
       "setup"},
      {"a.go:4:2: ambiguous import: found package a.org/b in multiple "
       "modules:\n\ta.org v0.65.0\n",
       "setup"}};
  for (const auto& [line, how] : rows) {
    Explained all = built(line, how);
    ASSERT_THAT(causes_in(all), ElementsAre("not_built likely")) << line;
    EXPECT_EQ(all.explanations[0].quotes[0].line, 2) << line;
  }
}

TEST(QuotedLogs, ShowTheLineOfTheLinkerNotThatItRan) {
  Explained all = built(
      "/go/link: running gcc failed: exit status 1\n"
      "/usr/bin/ld: unrecognized option '--nowhere'\n"
      "collect2: error: ld returned 1 exit status\n\n",
      "build");
  ASSERT_THAT(causes_in(all), ElementsAre("not_built likely"));
  EXPECT_EQ(all.explanations[0].quotes[0].line, 3);
}

TEST(QuotedLogs, ShowTheLineInWhichGoGaveUp) {
  EXPECT_THAT(causes_of("go: github.com/A/b@v1.9.0: parsing go.mod:\n\tmodule "
                        "declares its path as: github.com/a/b\n"),
              ElementsAre("go_gave_up likely"));
  for (const char* line :
       {"go: downloading a.org/b v1.0.0",
        "go: a.org/b@latest requires go >= 1.99; switching to go1.99.1",
        "go: finding module for package a.org/b",
        "go: warning: \"./...\" matched no packages"}) {
    EXPECT_THAT(causes_of(std::string(line) + "\n"), IsEmpty()) << line;
  }
}

// Whose usage stands below tells whose flag it was.
TEST(QuotedLogs, TellTheLinkersFlagFromThatOfAToolexecProgram) {
  EXPECT_THAT(causes_in(built("flag provided but not defined: -V\nUsage of "
                              "/go/bin/mine:\n  -out string\n",
                              "build")),
              ElementsAre("not_built likely"));
  EXPECT_THAT(causes_in(built("flag provided but not defined: -nope\nusage: "
                              "link [options] main.o\n",
                              "build")),
              ElementsAre("tool_flag_unknown certain"));
}

TEST(QuotedLogs, KnowTheStandardLibraryBelowItsFolders) {
  for (const char* package : {"log/slog", "slices", "math/rand/v2"}) {
    for (const char* where : {"GOROOT", "std"}) {
      EXPECT_THAT(causes_in(built(std::string("a.go:5:2: package ") + package +
                                      " is not in " + where + " (/go/src/x)\n",
                                  "setup")),
                  ElementsAre("std_unreadable likely"))
          << package;
    }
  }
  EXPECT_THAT(
      causes_in(built("a.go:5:2: package utils/text is not in std (/go/x)\n",
                      "setup")),
      ElementsAre("no_requirement certain"));
}

// Lines of others that have the form, and of the same that mean another thing.
TEST(QuotedLogs, AskForTheFormOfAShellAndOfEnv) {
  EXPECT_THAT(causes_of("sh: 1: go: not found\n"),
              ElementsAre("shell_not_found likely"));
  EXPECT_THAT(causes_of("zsh:1: command not found: go\n"),
              ElementsAre("shell_not_found likely"));
  EXPECT_THAT(causes_of("Error: 404: stable/redis: not found\n"), IsEmpty());
  EXPECT_THAT(causes_of("env: 'gotestsum': No such file or directory\n"),
              ElementsAre("env_127 likely"));
  EXPECT_THAT(causes_of("env: cannot change directory to '/x': No such file or "
                        "directory\n"),
              IsEmpty());
  // Of a program, or of a file that it was to write to.
  EXPECT_THAT(causes_of("./ci/run.sh: line 3: /var/log/x: Permission denied\n"),
              ElementsAre("shell_not_executable possible"));
}

TEST(QuotedLogs, TellAProgramThatPanickedFromATest) {
  const std::string panic =
      "panic: dial tcp: refused\n\ngoroutine 1 [running]:\n"
      "main.main()\n\t/src/main.go:20 +0x1c\nexit status 2\n";
  EXPECT_THAT(causes_of("$ go run ./cmd/migrate up\n" + panic),
              ElementsAre("program_panicked likely"));
  EXPECT_THAT(
      causes_of("ok  \tm/x\t0.1s\npanic: boom\n\ngoroutine 12 [running]:\n"
                "a.org/tool.run.func1()\n\t/go/tool/run.go:12 +0x1c\n"
                "created by a.org/tool.run in goroutine 1\n"
                "\t/go/tool/run.go:10 +0x1d\n"),
      ElementsAre("panic_in_goroutine possible"));
}

// A shell's word is all that is left of a child, or of the test below it.
TEST(QuotedLogs, HearTheShellOfAKilledChild) {
  Explained all = explained(
      "./e2e.sh: line 14:  5121 Killed                  ./server\n"
      "FAIL\tm/e2e\t12.012s\nFAIL\n");
  ASSERT_THAT(causes_in(all), ElementsAre("child_killed possible"));
  EXPECT_EQ(all.explanations[0].quotes[0].speaker, "shell");
  std::vector<std::string> among;
  for (const Cause* one : all.explanations[0].among) {
    among.push_back(one->id);
  }
  EXPECT_THAT(among, testing::IsSupersetOf({"killed_from_outside", "oom_kill",
                                            "exits_like_a_kill"}));
}

TEST(QuotedLogs, KnowNoCodeOfALogLineAndSilence) {
  Explained all = explained(
      "2026/01/02 10:00:00 listening on :80\nFAIL\tm/x\t9.1s\nFAIL\n");
  EXPECT_THAT(causes_in(all), ElementsAre("log_fatal possible"));
  EXPECT_FALSE(all.explanations[0].among.empty());
}

}  // namespace
}  // namespace faultrig
