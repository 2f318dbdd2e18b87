// `faultrig minimise`, by the program itself.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Minimise : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_IF_MISSING(
        "workload: {command: ['true']}\n"
        "expect:\n  - calls: {call: fsync, count: 0}\n");
  }

  Outcome minimise(const std::string& workload, const std::string& rest) {
    std::string file = (rig_.folder() / "big.yaml").string();
    std::ofstream(file) << "workload: " << workload << "\n" << rest;
    return Program({faultrig_program(), "minimise", file}, rig_.folder()).end();
  }

  std::string store(const std::string& run) const {
    return "{go_test: {dir: " + fixtures_folder().string() +
           ", packages: ./store, mode: binary, run: '" + run + "'}}";
  }

  WitnessRig rig_;
};

TEST_F(Minimise, KeepsTheOneTestAndTheOneFaultOfAFailure) {
  Outcome told =
      minimise(store("^(TestPutSynced|TestRemove|TestLink|TestMode)$"),
               "faults:\n"
               "- syscall: {call: fsync, error: EIO, optional: true}\n"
               "- syscall: {call: fchmodat, error: EIO, optional: true}\n"
               "- syscall: {call: linkat, error: EIO, optional: true}\n"
               "- syscall: {call: unlinkat, error: EIO, nth: 1+}\n"
               "expect:\n- test: {exited: 0}\n");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("# comes to: fail: test exited 1\n"),
                              HasSubstr("call: unlinkat"), HasSubstr("strace"),
                              Not(HasSubstr("fsync")), Not(HasSubstr("nth")),
                              Not(HasSubstr("|Test"))));
  std::string small = (rig_.folder() / "small.yaml").string();
  std::ofstream(small) << told.out;
  Outcome again =
      Program({faultrig_program(), "run", small}, rig_.folder()).end();
  EXPECT_EQ(again.status.text(), "exited 1");
  EXPECT_THAT(again.out, HasSubstr("observed  test exited 1"));
}

TEST_F(Minimise, LeavesWhatIsExpectedAndTheFaultThatAPassNeeds) {
  Outcome told = minimise("{command: [sync, .]}",
                          "faults:\n"
                          "- syscall: {name: one, call: fsync, error: EIO}\n"
                          "expect:\n- command: {exited: 1}\n"
                          "- took_effect: one\n");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out,
              AllOf(HasSubstr("# comes to: pass"), HasSubstr("name: one"),
                    HasSubstr("call: fsync"), HasSubstr("took_effect: one")));
}

TEST_F(Minimise, SaysThatItComesToSomethingElseEachTime) {
  Outcome told = minimise(
      "{command: [sh, -c, 'echo x >> n; test $(($(wc -l < n) % 2)) = 0']}",
      "golden: false\n"
      "faults:\n- syscall: {call: fsync, error: EIO, optional: true}\n"
      "expect:\n- command: {exited: 0}\n");
  EXPECT_EQ(told.status.text(), "exited 3") << told.out;
  EXPECT_THAT(told.err, HasSubstr("does not come to the same each time"));
}

TEST_F(Minimise, KeepsTheOneSubtest) {
  Outcome told = minimise(
      "{env: {FIXTURE_FAIL: '1'}, go_test: {dir: " +
          fixtures_folder().string() + ", packages: ./subtests, mode: binary}}",
      "golden: false\n"
      "faults:\n- syscall: {call: fsync, error: EIO, optional: true}\n"
      "expect:\n- output: {lacks: asked to fail}\n");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("run: \"^TestTable$/^bad$\""));
}

// Each run adds a line to a file: after so many there is a candidate.
TEST_F(Minimise, ShowsWhatItHasWhenItIsInterrupted) {
  std::string file = (rig_.folder() / "big.yaml").string();
  std::ofstream(file)
      << "workload: {command: [sh, -c, 'echo x >> n; sleep 0.1; exit 1']}\n"
         "golden: false\n"
         "faults:\n"
         "- syscall: {call: fsync, error: EIO, optional: true}\n"
         "- syscall: {call: fsync, error: ENOSPC, optional: true, nth: 2+}\n"
         "- syscall: {call: fsync, error: EDQUOT, optional: true, nth: 3+}\n"
         "expect:\n- command: {exited: 0}\n";
  Program program({faultrig_program(), "minimise", file}, rig_.folder());
  auto runs = [&] {
    std::ifstream lines(rig_.folder() / "n");
    return std::count(std::istreambuf_iterator<char>(lines), {}, '\n');
  };
  while (runs() < 9) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(program.pid(), SIGINT);
  Outcome told = program.end();
  EXPECT_EQ(told.status.text(), "exited 130") << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("# the smallest so far, "),
                              HasSubstr("# comes to: fail: command exited 1"),
                              HasSubstr("exited: 0")));
  EXPECT_THAT(told.err, HasSubstr("interrupted; cleaned up"));
}

TEST_F(Minimise, MakesNoSweepSmaller) {
  Outcome told = minimise("{command: ['true']}", "sweep: {calls: {}}\n");
  EXPECT_EQ(told.status.text(), "exited 3") << told.out;
  EXPECT_THAT(told.err, HasSubstr("faultrig sweep --write"));
}

TEST_F(Minimise, TakesOneScenario) {
  Outcome told = minimise("{command: ['true']}", "nonsense: 1\n");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("nonsense"));
}

}  // namespace
}  // namespace faultrig
