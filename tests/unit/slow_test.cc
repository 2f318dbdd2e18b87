#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/cli/command_line.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

std::chrono::nanoseconds deadline_of(int slow) {
  Selection selection;
  selection.paths = {source_dir() + "/scenarios/interpreter/busy.yaml"};
  selection.slow = slow;
  auto catalogue = read_catalogue(selection);
  return catalogue->entries.at(0).plan.scenario.workload.deadline;
}

TEST(Slow, MakesDeadlinesLonger) {
  auto written = deadline_of(1);
  EXPECT_GT(written, std::chrono::seconds(0));
  EXPECT_EQ(deadline_of(3), 3 * written);
}

TEST(Slow, IsNotNothing) {
  CommandLine line = read_command_line({"run", "--slow", "0"});
  EXPECT_FALSE(line.command);
  EXPECT_EQ(line.answer.exit_code, 2);
}

}  // namespace
}  // namespace faultrig
