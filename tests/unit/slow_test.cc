#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/cli/options.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

std::chrono::nanoseconds deadline_of(std::vector<std::string> arguments) {
  arguments.push_back(source_dir() + "/scenarios/interpreter/busy.yaml");
  CommandLine line = read_command_line(arguments);
  auto catalogue = read_catalogue(line.options.value().selection);
  return catalogue->entries.at(0).plan.scenario.workload.deadline;
}

TEST(Slow, MakesDeadlinesLonger) {
  auto written = deadline_of({"run"});
  EXPECT_GT(written, std::chrono::seconds(0));
  EXPECT_EQ(deadline_of({"run", "--slow", "1"}), written);
  EXPECT_EQ(deadline_of({"run", "--slow", "3"}), 3 * written);
}

TEST(Slow, IsNotNothing) {
  CommandLine line = read_command_line({"run", "--slow", "0"});
  EXPECT_FALSE(line.options);
  EXPECT_EQ(line.answer.exit_code, 2);
}

}  // namespace
}  // namespace faultrig
