// Scenarios made smaller, with made-up outcomes.
#include "harness/campaign/shrink.h"

#include <algorithm>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/strace_line.h"
#include "harness/campaign/yaml_text.h"
#include "harness/plan/planner.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

YamlNode tree_of(const std::string& yaml) {
  Complaints complaints;
  return read_yaml(yaml, complaints).value();
}

using Few = std::vector<std::size_t>;

bool holds(const Few& few, std::size_t one) {
  return std::find(few.begin(), few.end(), one) != few.end();
}

TEST(Fewest, AreThoseWithoutWhichItIsNotTheSame) {
  EXPECT_THAT(
      fewest(9, [](const Few& few) { return holds(few, 2) && holds(few, 7); }),
      ElementsAre(2, 7));
  EXPECT_THAT(fewest(5, [](const Few& few) { return holds(few, 4); }),
              ElementsAre(4));
}

TEST(Fewest, AreAllWhereEachIsNeeded) {
  EXPECT_EQ(fewest(6, [](const Few&) { return false; }).size(), 6U);
}

TEST(Fewest, AreOneAtLeast) {
  EXPECT_EQ(fewest(8, [](const Few&) { return true; }).size(), 1U);
  EXPECT_EQ(fewest(1, [](const Few&) { return true; }).size(), 1U);
  EXPECT_TRUE(fewest(0, [](const Few&) { return true; }).empty());
}

constexpr const char* kScenario =
    "about: 'what: it is'\n"
    "workload: {go_test: {dir: ., packages: ./store}}\n"
    "faults:\n"
    "- syscall: {call: write, error: EIO}\n"
    "- syscall: {call: fsync, error: EIO, nth: 3+, when: {after: 1s}}\n"
    "expect:\n"
    "- test: {exited: 0}\n"
    "- output: {lacks: '#x', matches: \"a\\nb\"}\n";

// `-run` of a scenario; empty: it has none.
std::string run_of(const YamlNode& scenario) {
  const YamlNode* run =
      child(*child(*child(scenario, "workload"), "go_test"), "run");
  return run == nullptr ? "" : run->scalar;
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> out(1);
  for (char letter : path) {
    if (letter == '/') {
      out.emplace_back();
    } else {
      out.back() += letter;
    }
  }
  return out;
}

// As go test does it: a pattern for each level.
bool selects(const std::string& run, const std::string& test) {
  std::vector<std::string> patterns = parts_of(run);
  std::vector<std::string> names = parts_of(test);
  for (std::size_t i = 0; i < std::min(patterns.size(), names.size()); ++i) {
    if (!std::regex_search(names[i], std::regex(patterns[i]))) {
      return false;
    }
  }
  return true;
}

// What `run` is left where all of these tests are needed.
std::string run_left(const std::vector<std::string>& tests,
                     const std::vector<std::string>& needed) {
  return run_of(
      shrunk(tree_of(kScenario), tests, [&](const YamlNode& candidate) {
        return std::all_of(needed.begin(), needed.end(), [&](const auto& one) {
          return selects(run_of(candidate), one);
        });
      }));
}

TEST(Shrunk, LeavesOutSubtestsLevelByLevel) {
  EXPECT_EQ(run_left({"TestA", "TestA/x", "TestA/x/deep", "TestA/x/b",
                      "TestA/y", "TestB", "TestB/x"},
                     {"TestA/x/deep"}),
            "^TestA$/^x$/^deep$");
  EXPECT_EQ(run_left({"TestA", "TestA/a", "TestA/b", "TestA/c"},
                     {"TestA/a", "TestA/c"}),
            "^TestA$/^(a|c)$");
}

TEST(Shrunk, TakesNoSubtestsNameForAPattern) {
  EXPECT_EQ(run_left({"TestA", "TestA/a.b(1)", "TestA/a_b"}, {"TestA/a.b(1)"}),
            "^TestA$/^a\\.b\\(1\\)$");
}

TEST(Shrunk, LeavesSubtestsAloneWhereTwoTestsAreNeeded) {
  EXPECT_EQ(
      run_left({"TestA", "TestA/x", "TestB", "TestC"}, {"TestA/x", "TestB"}),
      "^(TestA|TestB)$");
}

TEST(Shrunk, KeepsTheFaultTheTestAndTheCallThatAreNeeded) {
  YamlNode small = shrunk(tree_of(kScenario), {"TestA", "TestB", "TestC"},
                          [](const YamlNode& candidate) {
                            std::string text = yaml_text(candidate);
                            bool test = text.find("run:") == text.npos ||
                                        text.find("TestB") != text.npos;
                            return test && text.find("fsync") != text.npos &&
                                   text.find("nth: 3") != text.npos;
                          });
  std::string text = yaml_text(small);
  EXPECT_THAT(text, HasSubstr("run: \"^TestB$\"\n"));
  EXPECT_THAT(text, HasSubstr("nth: 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("write")));
  EXPECT_THAT(text, Not(HasSubstr("when")));
}

TEST(Shrunk, StaysAsItIsWhereEverythingIsNeeded) {
  YamlNode all = tree_of(kScenario);
  YamlNode small =
      shrunk(all, {"TestA", "TestB"}, [](const YamlNode&) { return false; });
  EXPECT_EQ(yaml_text(small), yaml_text(all));
}

TEST(Shrunk, NeverAsksForTestsOfACommand) {
  YamlNode small = shrunk(tree_of("workload: {command: ['true']}\n"), {"TestA"},
                          [](const YamlNode&) { return true; });
  EXPECT_EQ(yaml_text(small), "workload:\n  command:\n    - \"true\"\n");
}

TEST(YamlText, IsReadBackAsItWas) {
  std::string text = yaml_text(tree_of(kScenario));
  EXPECT_EQ(yaml_text(tree_of(text)), text);
  EXPECT_EQ(flow_text(tree_of(text)), flow_text(tree_of(kScenario)));
  EXPECT_THAT(text, HasSubstr("  - syscall:\n      call: write\n"));
}

std::string strace_of(const std::string& workload, const std::string& fault) {
  auto scenario = scenario_from(
      "workload: " + workload + "\nfaults:\n- " + fault + "\nexpect: []\n", "x",
      "/src/x.yaml");
  if (!scenario) {
    return scenario.error().what;
  }
  Planned planned = make_plan(*scenario, 1);
  return planned.plan ? strace_line(*planned.plan).value_or("none")
                      : planned.troubles[0].what;
}

TEST(StraceLine, SaysWhatFailsAndWhen) {
  std::string command = "{command: [./store, a b], cwd: /src}";
  EXPECT_EQ(strace_of(command,
                      "syscall: {call: [fsync, fdatasync], error: EIO, nth: "
                      "2..9+3}"),
            "cd /src && strace -f -e "
            "inject=fsync,fdatasync:error=EIO:when=2..9+3 ./store 'a b'");
  EXPECT_THAT(strace_of(command, "syscall: {call: fsync, returns: 0}"),
              HasSubstr("inject=fsync:retval=0"));
  EXPECT_THAT(strace_of(command, "syscall: {call: fsync, delay: 2ms}"),
              HasSubstr("inject=fsync:delay_enter=2000"));
  EXPECT_THAT(strace_of(command, "syscall: {call: fsync, signal: SIGTERM}"),
              HasSubstr("inject=fsync:signal=SIGTERM"));
}

TEST(StraceLine, BuildsTheTestsFirst) {
  EXPECT_THAT(strace_of("{go_test: {dir: /, packages: ./store, run: ^TestA$}}",
                        "syscall: {call: fsync, error: EIO}"),
              HasSubstr("strace -f -e inject=fsync:error=EIO /tmp/x.test "
                        "-test.run '^TestA$'"));
}

TEST(StraceLine, IsNoneWhereStraceCannotSayIt) {
  std::string command = "{command: [./store], cwd: /src}";
  for (const char* fault :
       {"syscall: {call: write, error: EIO}",
        "syscall: {call: fsync, error: EIO, in: store.Put}",
        "syscall: {call: fsync, error: EIO, path: '*/x'}",
        "syscall: {call: fsync, error: EIO, chance: 5%}",
        "syscall: {call: fsync, error: EIO, when: {after: 1s}}",
        "syscall: {call: sendto, short: 1}", "signal: {send: SIGTERM}"}) {
    EXPECT_EQ(strace_of(command, fault), "none") << fault;
  }
  EXPECT_EQ(strace_of("{command: [./store], cwd: /src, env: {A: b}}",
                      "syscall: {call: fsync, error: EIO}"),
            "none");
}

}  // namespace
}  // namespace faultrig
