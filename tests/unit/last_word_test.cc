#include "harness/base/last_word.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

std::string heard(std::string_view text, std::size_t piece,
                  bool marked = false) {
  LastWord word(marked);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    word.take(text.substr(0, piece));
  }
  return word.word();
}

TEST(LastWord, IsTheLastVerdict) {
  for (std::size_t piece : {1U, 3U, 100U}) {
    EXPECT_EQ(heard("PASS\n", piece), "PASS");
    EXPECT_EQ(heard("FAIL\nPASS\nmore\n", piece), "PASS");
    EXPECT_EQ(heard("PASS\nFAIL\n", piece), "FAIL");
    EXPECT_EQ(heard("hello\n", piece), "");
    EXPECT_EQ(heard("", piece), "");
  }
}

TEST(LastWord, MayStandBehindAnOpenLine) {
  EXPECT_EQ(heard("dots....PASS\n", 5), "PASS");
  EXPECT_EQ(heard("it did FAIL\n", 5), "");
  EXPECT_EQ(heard("PASS", 2), "PASS");
}

TEST(LastWord, MayBearTheMarkOfTest2json) {
  EXPECT_EQ(heard("text\x16"
                  "FAIL\n",
                  4),
            "FAIL");
}

// A test can print a verdict; testing's own has the mark.
TEST(LastWord, IsNotATestsWhereTestingMarksItsOwn) {
  EXPECT_EQ(heard("PASS\n", 3, true), "");
  EXPECT_EQ(heard("dots....PASS\n", 5, true), "");
  EXPECT_EQ(heard("\x16"
                  "FAIL\nPASS\n",
                  4, true),
            "FAIL");
  EXPECT_EQ(heard("dots\x16"
                  "PASS\n",
                  5, true),
            "PASS");
}

TEST(MarksItsLines, IsTrueOfTheLastFlagThatSaysSo) {
  EXPECT_TRUE(marks_its_lines({"/tmp/x.test", "-test.v=test2json"}));
  EXPECT_TRUE(marks_its_lines({"env", "x.test", "--test.v=test2json", "a"}));
  EXPECT_FALSE(marks_its_lines({"x.test", "-test.v=test2json", "-test.v"}));
  EXPECT_FALSE(marks_its_lines({"x.test", "-test.run=A", "-test.v=true"}));
  EXPECT_FALSE(
      marks_its_lines({"x.test", "-test.v", "word", "-test.v=test2json"}));
  EXPECT_FALSE(
      marks_its_lines({"x.test", "-test.v", "--", "-test.v=test2json"}));
}

TEST(LastWord, IsHeardBehindALongLine) {
  EXPECT_EQ(heard(std::string(1 << 20, 'x') + "PASS\n", 4096), "PASS");
  EXPECT_EQ(heard(std::string(1 << 20, 'x') + "FAIL\n", 4096), "");
}

}  // namespace
}  // namespace faultrig
