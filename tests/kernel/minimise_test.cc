// `faultrig minimise`, by the program itself.
#include <fstream>

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

TEST_F(Minimise, TakesOneScenario) {
  Outcome told = minimise("{command: ['true']}", "nonsense: 1\n");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("nonsense"));
}

}  // namespace
}  // namespace faultrig
