// Scenarios that no run can pass, since what they ask goes against itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/plan/possible.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

const std::string kSignal = "  - signal: {send: SIGTERM}\n";
const std::string kFsync = "  - syscall: {call: fsync, error: EIO}\n";

// `line:column: what` of the first trouble; empty: there is none.
std::string first_of(const std::string& workload, const std::string& faults,
                     const std::string& expect) {
  std::string yaml = "workload: " + workload + "\n" +
                     (faults.empty() ? "" : "faults:\n" + faults) +
                     "expect:\n" + expect;
  ReadScenario read =
      read_scenario(yaml, {"x", "/x.yaml", false}, full_language());
  if (!read.scenario) {
    return "unreadable: " + read.complaints.front().what;
  }
  auto troubles = impossible_in(*read.scenario);
  return troubles.empty() ? ""
                          : std::to_string(troubles[0].place.line) + ":" +
                                std::to_string(troubles[0].place.column) +
                                ": " + troubles[0].what;
}

std::string of_command(const std::string& faults, const std::string& expect) {
  return first_of("{command: [a]}", faults, expect);
}

std::string of_tests(const std::string& faults, const std::string& expect) {
  return first_of("{go_test: {dir: .}}", faults, expect);
}

TEST(Contradictions, OneLinkHasOneEnd) {
  EXPECT_EQ(of_command(kSignal,
                       "  - command: {exited: 0}\n"
                       "  - command: {killed_by: SIGTERM}\n"),
            "6:5: command cannot end so beside 'command: {exited: 0}' in line "
            "5");
  for (const char* pair :
       {"  - command: {exited: 0}\n  - command: {exited: 1}\n",
        "  - command: {exited: 0}\n  - command: {exited: {not: 0}}\n",
        "  - command: {exited: 0}\n  - command: {shell: 143}\n",
        "  - command: {killed_by: SIGTERM}\n  - command: {shell: 137}\n",
        "  - command: {killed_by: SIGTERM}\n  - command: {killed_by: SIGINT}\n",
        "  - command: never_started\n  - command: {exited: 1}\n",
        "  - command: hung\n  - command: {exited: 2}\n",
        "  - command: hung\n  - command: never_started\n"}) {
    EXPECT_THAT(of_command(kSignal, pair), HasSubstr("cannot end so")) << pair;
  }
  for (const char* pair :
       {"  - command: {exited: {not: 0}}\n  - command: {exited: 1}\n",
        "  - command: {killed_by: SIGTERM}\n  - command: {shell: 143}\n",
        "  - command: {exited: 143}\n  - command: {shell: 143}\n",
        "  - command: hung\n  - command: {killed_by: SIGQUIT}\n"}) {
    EXPECT_EQ(of_command(kSignal, pair), "") << pair;
  }
  EXPECT_EQ(of_tests(kSignal, "  - test: {exited: 1}\n  - go: {exited: 0}\n"),
            "");
}

TEST(Contradictions, OneCountHasOneValue) {
  for (const char* pair :
       {"  - calls: {call: fsync, count: 1}\n"
        "  - calls: {call: fsync, count: {at_least: 2}}\n",
        "  - calls: {call: fsync, count: 0}\n"
        "  - calls: {sequence: [{call: fsync}, {call: close}]}\n",
        "  - calls: {call: fsync, count: 1}\n"
        "  - calls: {sequence: [{call: fsync}, {call: fsync}]}\n",
        "  - leftovers: none\n  - leftovers: 1\n",
        "  - took_effect: {fault: syscall, times: 1}\n"
        "  - took_effect: {fault: syscall, times: {at_least: 2}}\n"}) {
    EXPECT_THAT(of_command(kFsync, pair), HasSubstr("cannot be beside"))
        << pair;
  }
  EXPECT_EQ(of_command(kFsync,
                       "  - calls: {call: fsync, count: 1}\n"
                       "  - calls: {call: fsync, path: /a, count: 2}\n"
                       "  - calls: {call: fsync, count: {not: 0}}\n"),
            "");
}

TEST(Contradictions, AFaultThatMustComeIsNotToComeNever) {
  EXPECT_THAT(
      of_command(kFsync, "  - took_effect: {fault: syscall, times: 0}\n"),
      HasSubstr("proves nothing"));
  EXPECT_EQ(of_command("  - syscall: {call: fsync, error: EIO, optional: "
                       "true}\n",
                       "  - took_effect: {fault: syscall, times: 0}\n"),
            "");
}

TEST(Contradictions, ATestHasOneEndAndItsParentsFollows) {
  for (const char* pair :
       {"  - tests: {TestA: pass}\n  - tests: {TestA: fail}\n",
        "  - tests: {TestA: pass, TestA/sub: fail}\n",
        "  - test: never_started\n  - tests: {TestA: fail}\n"}) {
    EXPECT_NE(of_tests(kSignal, pair), "") << pair;
  }
  EXPECT_EQ(of_tests(kSignal,
                     "  - tests: {TestA: fail, TestA/sub: pass}\n"
                     "  - tests: {TestA: fail, TestB: pass}\n"),
            "");
}

TEST(Contradictions, WhatIsThereIsNotLacking) {
  EXPECT_THAT(of_command(kSignal,
                         "  - output: {contains: abc}\n"
                         "  - output: {lacks: b}\n"),
              HasSubstr("cannot be beside"));
  EXPECT_EQ(of_command(kSignal,
                       "  - output: {contains: abc, of: stdout}\n"
                       "  - output: {lacks: b, of: stderr}\n"),
            "");
}

TEST(Contradictions, NothingEndsByAPanicAndWell) {
  EXPECT_THAT(of_tests(kSignal, "  - panic: boom\n  - test: {exited: 0}\n"),
              HasSubstr("no program is ended by a panic"));
  EXPECT_EQ(of_tests(kSignal, "  - panic: boom\n  - test: {exited: 2}\n"), "");
  EXPECT_EQ(of_command(kSignal, "  - panic: boom\n  - command: {exited: 1}\n"),
            "");
}

TEST(Contradictions, NothingComesAfterTheDeadline) {
  for (const char* fault : {"  - signal: {send: SIGTERM, when: {after: 60s}}\n",
                            "  - syscall: {call: fsync, delay: 90s}\n"}) {
    EXPECT_THAT(of_command(fault, "  - command: {exited: 0}\n"),
                HasSubstr("never pass"));
  }
  EXPECT_THAT(of_command(kSignal, "  - ended: {within: 5m}\n"),
              HasSubstr("asks nothing"));
  EXPECT_EQ(of_command(kSignal, "  - ended: {within: 59s}\n"), "");
  EXPECT_THAT(of_command(kSignal,
                         "  - ended: {within: 5s}\n"
                         "  - command: hung\n"),
              HasSubstr("does not end by itself"));
  EXPECT_THAT(of_command("", "  - ended: {within: 5s}\n"),
              HasSubstr("nothing to count from"));
}

}  // namespace
}  // namespace faultrig
