#include "harness/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;

TEST(Options, LeavePathsBehindAReportOrATag) {
  CommandLine line = read_command_line(
      {"run", "--tag", "a", "x.yaml", "--tag", "b", "--report", "json", "y"});
  ASSERT_TRUE(line.options) << line.answer.text;
  EXPECT_THAT(line.options->selection.paths, ElementsAre("x.yaml", "y"));
  EXPECT_THAT(line.options->selection.tags, ElementsAre("a", "b"));
  ASSERT_EQ(line.options->reports.size(), 1U);
  EXPECT_EQ(line.options->reports[0].format, "json");
}

TEST(Options, SuggestACommandThatIsNear) {
  CommandLine line = read_command_line({"runn"});
  EXPECT_FALSE(line.options);
  EXPECT_EQ(line.answer.exit_code, 2);
  EXPECT_NE(line.answer.text.find("did you mean 'run'"), std::string::npos);
}

}  // namespace
}  // namespace faultrig
