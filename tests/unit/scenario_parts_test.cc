#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

TEST(ScenarioReader, WordsThatLookLikeValuesAreFineAsText) {
  Scenario scenario = good("about: yes\ntags: [1, true]\n" + kGo +
                           "expect: [{output: {contains: a}}]\n");
  EXPECT_EQ(scenario.about, "yes");
  EXPECT_EQ(scenario.tags, (std::vector<std::string>{"1", "true"}));
}

TEST(ScenarioReader, RefusesAnExpressionThatRE2DoesNotTake) {
  EXPECT_EQ(about_expectation("output: {matches: 'a(b'}").substr(0, 41),
            "5:21 no regular expression (RE2): missing");
  EXPECT_NE(about_expectation("output: {matches: '(?=a)'}"), "");
}

TEST(ScenarioReader, OneElementHasOneKey) {
  EXPECT_EQ(about_fault("memory:\n  max: 64MiB"),
            "3:3 memory needs the key 'max'\n"
            "4:3 a second key in one element: indent it below 'memory', or "
            "begin a new element with '- '\n");
  EXPECT_EQ(about_fault("memory"),
            "3:3 expected an element such as '- memory: {max: 64MiB}'\n");
  EXPECT_EQ(about_fault(""),
            "3:1 expected an element such as '- memory: {max: 64MiB}'\n");
  EXPECT_EQ(complaints_of(kGo + "faults: {memory: {max: 1GB}}\n"),
            "2:1 faults takes a list of elements such as '- memory: {max: "
            "64MiB}'\n");
}

TEST(ScenarioReader, ACapabilityHasTheKernelsName) {
  const std::string kRest = "expect:\n- output: {contains: a}\n";
  EXPECT_EQ(complaints_of(kCommand + "needs: [CAP_SYSADMIN]\n" + kRest),
            "2:9 unknown capability 'CAP_SYSADMIN' (did you mean "
            "'CAP_SYS_ADMIN'?)\n");
  EXPECT_EQ(good(kCommand + "needs: [CAP_SYS_ADMIN]\n" + kRest).needs,
            std::vector<std::string>{"CAP_SYS_ADMIN"});
}

TEST(ScenarioReader, AnEmptyListAsksNothingAndIsAMistake) {
  EXPECT_EQ(complaints_of(kCommand + "faults: []\nexpect: []\n"),
            "2:1 'faults' is empty: fill it, or leave it out\n"
            "3:1 'expect' is empty: fill it, or leave it out\n");
  EXPECT_NE(about_expectation("output: {contains: a}\nfaults: []"), "");
  EXPECT_EQ(complaints_of(kCommand + "faults:\n- memory: {max: 1GB}\n"), "");
  // Evidence of an older faultrig may have one.
  EXPECT_TRUE(read_scenario(kCommand + "faults: []\nexpect: []\n",
                            {"x", here(), false}, sample_language())
                  .scenario);
}

TEST(ScenarioReader, AWorkloadIsOneOfThree) {
  EXPECT_EQ(complaints_of("workload:\n  go_test: {}\n  command: [a]\n"
                          "expect: [{output: {contains: a}}]\n"),
            "3:3 'command' beside 'go_test': workload takes exactly one of "
            "go_test, command, service\n");
  EXPECT_EQ(complaints_of(
                "workload: {command: []}\nexpect: [{output: {contains: a}}]\n"),
            "1:21 command must begin with a program\n");
  EXPECT_EQ(
      complaints_of(
          "workload: {command: serve -v}\nexpect: [{output: {contains: a}}]\n"),
      "1:21 expected a list such as [one, two], not 'serve -v'\n");
}

TEST(ScenarioReader, ChecksTheWorkloadsDetails) {
  EXPECT_EQ(complaints_of("workload:\n  go_test:\n    dir: no/such/folder\n"
                          "expect: [{output: {contains: a}}]\n")
                .substr(0, 25),
            "3:10 no such folder: '" +
                std::filesystem::temp_directory_path().string().substr(0, 3));
  EXPECT_EQ(complaints_of("workload: {go_test: {}, cwd: .}\nexpect: [{output: "
                          "{contains: a}}]\n"),
            "1:25 cwd is for a command: go_test has the key 'dir'\n");
  EXPECT_EQ(complaints_of("workload: {go_test: {flags: [-race, -run=X]}}\n"
                          "expect: [{output: {contains: a}}]\n"),
            "1:37 use the key 'run' instead of this flag\n");
  EXPECT_EQ(complaints_of("workload: {go_test: {timeout: 5}}\nexpect: "
                          "[{output: {contains: a}}]\n"),
            "1:31 expected a time of Go's such as 1m30s, not '5'\n");
  EXPECT_EQ(complaints_of("workload: {command: [a], deadline: 0s}\n"
                          "expect: [{output: {contains: a}}]\n"),
            "1:36 deadline must be more than nothing\n");
  EXPECT_EQ(
      complaints_of("workload: {command: [a], clean_env: false}\n"
                    "expect: [{output: {contains: a}}]\n"),
      "1:37 expected true, or a list such as [PATH, HOME], not 'false'\n");
  EXPECT_EQ(complaints_of("workload: {command: [a], env: {A=B: 1}}\n"
                          "expect: [{output: {contains: a}}]\n"),
            "1:32 no name of a variable: 'A=B'\n");
}

TEST(ScenarioReader, ALinkMustBeOneOfTheWorkloads) {
  EXPECT_EQ(about_fault("memory: {max: 1GB, at: command}"),
            "3:26 go_test has no link 'command': 'test' or 'go'\n");
  EXPECT_EQ(complaints_of(kCommand + "faults:\n- memory: {max: 1GB, at: go}\n"),
            "3:26 a command has no link 'go': only 'command'\n");
  EXPECT_EQ(about_expectation("command: {exited: 0}"),
            "5:3 go_test has no link 'command': 'test' or 'go'\n");
  EXPECT_EQ(complaints_of(kCommand + "expect:\n- test: {exited: 0}\n"),
            "3:3 a command has no link 'test': only 'command'\n");
}

TEST(ScenarioReader, NamesOfFaultsAreCitable) {
  std::string faults =
      kGo + "faults:\n- memory: {max: 1GB, name: hog}\n- signal: TERM\n";
  EXPECT_EQ(complaints_of(faults + "expect:\n- took_effect: hog\n"
                                   "- took_effect: memory\n"
                                   "- ended: {within: 2s, after: signal}\n"),
            "");
  EXPECT_EQ(
      complaints_of(faults + "expect:\n- ended: {within: 2s, after: sgnal}\n"),
      "6:30 no fault has the name 'sgnal' (did you mean 'signal'?)\n");
}

TEST(ScenarioReader, NamesOfFaultsAreUnmistakable) {
  EXPECT_EQ(complaints_of(kGo + "faults:\n- memory: {max: 1GB, name: a}\n"
                                "- signal: {send: TERM, name: a}\n"),
            "4:30 another fault has the name 'a'\n");
  // Which an injector's name would mean too, where one of its faults is there.
  EXPECT_EQ(complaints_of(kGo + "faults:\n- memory: {max: 1GB, name: signal}\n"
                                "- signal: {send: TERM, name: a}\n"),
            "3:28 'signal' is the name of an injector\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, name: signal}"), "");
  EXPECT_EQ(about_fault("memory: {max: 1GB, name: memory}"), "");
  EXPECT_EQ(complaints_of(kGo + "faults:\n- signal: TERM\n- signal: HUP\n"),
            "");
}

TEST(ScenarioReader, AnyKeyGivesOneMap) {
  Scenario scenario =
      good(kGo + "expect:\n- tests: {TestA: pass, TestB/x y: skip}\n");
  auto each =
      scenario.expect.at(0).params.get<std::map<std::string, std::string>>(
          "each");
  EXPECT_EQ(each.at("TestA"), "pass");
  EXPECT_EQ(each.at("TestB/x y"), "skip");
  EXPECT_EQ(about_expectation("tests: {TestA: passed}"),
            "5:18 unknown name of a test 'passed' (did you mean 'pass'?)\n");
}

TEST(ScenarioReader, ReadsASequenceOfCalls) {
  Scenario scenario = good(
      kGo +
      "expect:\n- calls: {sequence: [openat, {call: '%network', error: EIO, "
      "path: /x*}]}\n");
  auto patterns =
      scenario.expect.at(0).params.get<std::vector<CallPattern>>("sequence");
  ASSERT_EQ(patterns.size(), 2U);
  EXPECT_EQ(patterns[0].calls, std::vector<std::string>{"openat"});
  EXPECT_FALSE(patterns[0].error);
  EXPECT_GT(patterns[1].calls.size(), 10U);
  EXPECT_EQ(patterns[1].error, 5);
  EXPECT_EQ(patterns[1].path, "/x*");
  EXPECT_EQ(about_expectation("calls: {sequence: [{cal: x}]}"),
            "5:22 sequence needs at least one of call, error, path, fd, peer, "
            "in, site, of\n"
            "5:23 unknown key 'cal' (did you mean 'call'?)\n");
}

TEST(ScenarioReader, TellsAllErrorsInOrderButNoMoreThanTwenty) {
  std::string text = "x1: 1\n" + kGo + "faults:\n";
  for (int i = 0; i < 30; ++i) {
    text += "- memory: {max: bad}\n";
  }
  ReadScenario result = read(text);
  EXPECT_FALSE(result.scenario);
  ASSERT_EQ(result.complaints.size(), 20U);
  EXPECT_EQ(result.complaints[0].place.line, 1);
  EXPECT_TRUE(std::is_sorted(result.complaints.begin(), result.complaints.end(),
                             [](const Complaint& a, const Complaint& b) {
                               return a.place.line < b.place.line;
                             }));
}

TEST(ScenarioReader, WhatIsWrongInTheYamlIsToldBesideTheRest) {
  EXPECT_EQ(complaints_of("about: a\nabout: b\nabuot: c\n" + kGo +
                          "expect: [{output: {contains: a}}]\n"),
            "2:1 the key 'about' is there already\n"
            "3:1 unknown key 'abuot' (did you mean 'about'?)\n");
}

}  // namespace
}  // namespace faultrig
