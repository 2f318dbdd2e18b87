// No more processes and threads: refused, counted, and lifted again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

const std::string kTwoChildren =
    "workload: {command: [dash, -c, 'sleep 0.1 & sleep 0.1 & wait']}\n";

TEST(Processes, AreCappedByTheGroupAndCountedByIt) {
  expect_pass(kTwoChildren +
              "faults:\n  - processes: {max: 2}\n"
              "expect:\n  - command: {exited: 2}\n"
              "  - took_effect: {fault: processes, times: 1}\n");
}

TEST(Processes, AsManyAsAllowedAreNotRefused) {
  const std::string yaml = kTwoChildren +
                           "faults:\n  - processes: {max: 3}\n"
                           "expect:\n  - command: {exited: 0}\n";
  expect_inconclusive(yaml, "never took effect");
}

TEST(Processes, CanBeStartedAgainBehindTheRelease) {
  expect_pass(
      "workload: {command: [bash, -c, 'sleep 0.1 & sleep 0.1 & wait; echo "
      "done']}\n"
      "faults:\n  - processes: {max: 2, until: {effects: 1}}\n"
      "expect:\n  - command: {exited: 0}\n"
      "  - recovered: {after: processes, output: '^done$'}\n");
}

// From its trigger on: what ran before it goes on.
TEST(Processes, AreCappedFromTheTriggerOn) {
  expect_pass(
      "workload:\n  command:\n    - dash\n    - -c\n"
      "    - 'sleep 0.2 & sleep 0.2 & echo ready; read _ < $0; sleep 0.2 & "
      "wait'\n"
      "    - /proc/version\n"
      "faults:\n  - processes: {max: 1, when: {call: openat, path: "
      "/proc/version}}\n"
      "expect:\n  - command: {exited: 2}\n  - output: {contains: ready}\n");
}

TEST(Processes, OfALinkHaveOneCap) {
  EXPECT_THAT(Rig::complaints(kTwoChildren +
                              "faults:\n  - processes: {name: a, max: 2}\n"
                              "  - processes: {name: b, max: 3}\n"
                              "expect:\n  - took_effect: a\n"),
              HasSubstr("one link can have one pids cap"));
  EXPECT_THAT(
      Rig::complaints(kTwoChildren + "faults:\n  - processes: {max: 0}\n"
                                     "expect:\n  - command: {exited: 0}\n"),
      HasSubstr("max"));
}

}  // namespace
}  // namespace faultrig
