// What stood where a program hung: seen from outside, before we kill it.
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

Rig::Told hung(const std::string& test, const std::string& env,
               const std::string& expect) {
  return Rig::run(
      go_test_of("locks_crosswise", test, ", mode: binary") + "  env: {" + env +
      "}\n  deadline: 1s\ngolden: false\nexpect: [" + expect + "]\n");
}

TEST(GoroutinesOfAHang, AreNamedThoughItLeavesNoDump) {
  Rig::Told told =
      hung("TestTransfersBothWays", "FIXTURE_CATCH: '1'", "test: {exited: 0}");
  ASSERT_FALSE(told.judgement.printed.hanging.empty());
  const JudgedHang& first = told.judgement.printed.hanging.front();
  EXPECT_EQ(first.link, "test");
  EXPECT_EQ(first.count, 2);
  EXPECT_THAT(first.where, HasSubstr("locks_crosswise.transfer ("));
  EXPECT_EQ(told.evidence->out().find("goroutine"), std::string::npos);
}

TEST(GoroutinesOfAHang, AreADeadlockOnlyWhereThatIsCertain) {
  EXPECT_EQ(hung("TestReceivesFromNil", "", "goroutines: {deadlock: certain}")
                .judgement.verdict,
            Verdict::pass);
  EXPECT_EQ(hung("TestTransfersBothWays", "", "goroutines: {deadlock: certain}")
                .judgement.verdict,
            Verdict::fail);
}

std::string built_program(const std::filesystem::path& folder) {
  std::string program = (folder / "program").string();
  std::string build = "cd " + shell_quote(fixtures_folder().string()) +
                      " && go build -o " + shell_quote(program) +
                      " ./stands_still";
  EXPECT_EQ(std::system(build.c_str()), 0);
  return program;
}

// A test that starts its server as a process.
TEST(GoroutinesOfAHang, AreThoseOfTheChildOfAGoProgramToo) {
  auto scratch = make_scratch(owner_name() + ".goroutines").value();
  Rig::Told told =
      Rig::run("workload:\n  go_test: {dir: " + fixtures_folder().string() +
               ", packages: ./starts_child, mode: binary}\n  env: "
               "{FIXTURE_PROGRAM: " +
               built_program(scratch.path()) +
               "}\n  deadline: 2s\ngolden: false\n"
               "expect: [test: hung, goroutines: {deadlock: certain}]\n");
  EXPECT_EQ(told.judgement.verdict, Verdict::pass);
  std::set<int> processes;
  for (const Observation& seen : told.evidence->trace()) {
    if (seen.fact == Fact::goroutines_seen) {
      processes.insert(seen.pid);
    }
  }
  EXPECT_EQ(processes.size(), 2U);
}

// The shell is what was started, the program is below it.
TEST(GoroutinesOfAHang, AreThoseOfTheChildOfAShell) {
  auto scratch = make_scratch(owner_name() + ".goroutines").value();
  std::string program = built_program(scratch.path());
  Rig::Told told = Rig::run("workload:\n  command: [sh, -c, '" + program +
                            " 5 >/dev/null; true']\n  deadline: 2s\n"
                            "golden: false\nexpect: [command: hung]\n");
  ASSERT_FALSE(told.judgement.printed.hanging.empty());
  EXPECT_EQ(told.judgement.printed.hanging.front().link, "command");
}

}  // namespace
}  // namespace faultrig
