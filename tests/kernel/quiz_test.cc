// `faultrig learn --quiz`, as people start it, with answers through a pipe.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class QuizCommand : public CommandFolder {
 protected:
  Outcome quiz(const std::string& answers, const std::string& options) const {
    return sh("printf '" + answers + "' | \"$faultrig\" learn --quiz " +
              options);
  }
};

TEST_F(QuizCommand, TakesAnswersFromAPipeAndCountsThem) {
  Outcome told = quiz("4\\n4\\n4\\n", "3 --seed 7");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.out, HasSubstr("3 logs, seed 7."));
  EXPECT_THAT(told.out, HasSubstr("your answer, 1 to 4, or q: 4\n"));
  EXPECT_THAT(told.out, HasSubstr(" of 3 right\n"));
  EXPECT_THAT(told.out, EndsWith("faultrig learn --quiz 3 --seed 7\n"));
  EXPECT_EQ(quiz("4\\n4\\n4\\n", "3 --seed 7").out, told.out);
}

// All of them, each with another answer than the one before: none is right for
// all, and one is for each.
TEST_F(QuizCommand, AsksAllThatThereAre) {
  Outcome told = quiz("", "1000 --seed 1");
  EXPECT_THAT(told.out, HasSubstr("36 logs, seed 1."));
  int right = 0;
  for (const char* answer : {"1", "2", "3", "4"}) {
    told = sh("yes " + std::string(answer) +
              " | \"$faultrig\" learn --quiz 1000 --seed 1");
    std::size_t end = told.out.find(" of 36 right\n");
    ASSERT_NE(end, std::string::npos) << told.out;
    std::size_t line = told.out.rfind('\n', end) + 1;
    right += std::stoi(told.out.substr(line, end - line));
  }
  EXPECT_EQ(right, 36);
}

TEST_F(QuizCommand, EndsWhenToldToAndWhenNobodyAnswers) {
  for (const char* answers : {"q\\n", ""}) {
    Outcome told = quiz(answers, "");
    EXPECT_EQ(told.status.text(), "exited 0");
    EXPECT_THAT(told.out, HasSubstr("\n0 of 0 right\n"));
  }
}

TEST_F(QuizCommand, SaysWhatIsNoNumberOfLogs) {
  for (const std::string options : {"0", "many", "3x"}) {
    Outcome told = quiz("", options);
    EXPECT_EQ(told.status.text(), "exited 2");
    EXPECT_EQ(told.err, "faultrig: --quiz " + options +
                            ": expected how many logs, such as 10\n");
  }
  EXPECT_THAT(quiz("", "--list").err, HasSubstr("--quiz stands alone"));
}

}  // namespace
}  // namespace faultrig
