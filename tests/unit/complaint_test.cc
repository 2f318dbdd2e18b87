#include "harness/parse/complaint.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(FormatComplaint, ShowsTheLineAndACaret) {
  EXPECT_EQ(format_complaint("a.yaml", "a: 1\nb: {send: SIGTRM}\n",
                             {{2, 11}, "unknown signal 'SIGTRM'", 6}),
            "a.yaml:2:11: unknown signal 'SIGTRM'\n"
            "  b: {send: SIGTRM}\n"
            "            ^~~~~~\n");
}

TEST(FormatComplaint, EscapesWhatATerminalWouldObey) {
  std::string out = format_complaint("\x1b[2J.yaml", "a: \x1b[31m\xFFx\tz",
                                     {{1, 7}, "bad \x07", 1});
  EXPECT_EQ(out,
            "\\x1b[2J.yaml:1:7: bad \\x07\n"
            "  a: \\x1b[31m\xEF\xBF\xBDx z\n"
            "           ^\n");
}

TEST(FormatComplaint, CutsALongLineAroundThePlace) {
  std::string line = std::string(500, 'a') + "HERE" + std::string(500, 'b');
  std::string out = format_complaint("f", line + "\n", {{1, 501}, "x", 4});
  std::size_t first = out.find('\n') + 1;
  std::size_t second = out.find('\n', first) + 1;
  std::string shown = out.substr(first, second - first - 1);
  EXPECT_LE(shown.size(), 80U);
  EXPECT_EQ(out.find('^', second) - second, shown.find("HERE"));
  EXPECT_TRUE(shown.ends_with("..."));
  EXPECT_TRUE(shown.starts_with("  ..."));
}

TEST(FormatComplaint, FitsEightyColumnsWhateverThePlace) {
  std::string line(200, 'x');
  for (int column : {1, 2, 40, 75, 76, 77, 78, 79, 80, 120, 199, 200, 201}) {
    std::string out = format_complaint("f", line, {{1, column}, "x", 300});
    for (std::size_t at = 0; at < out.size();) {
      std::size_t end = out.find('\n', at);
      EXPECT_LE(end - at, 80U) << column;
      at = end + 1;
    }
  }
}

TEST(FormatComplaint, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(
      format_complaint("f", "\xE4\xB8\xAD\xE6\x96\x87: x", {{1, 5}, "x", 1}),
      "f:1:5: x\n"
      "  \xE4\xB8\xAD\xE6\x96\x87: x\n"
      "        ^\n");
}

TEST(FormatComplaint, APlaceOutsideTheTextHasNoLine) {
  EXPECT_EQ(format_complaint("f", "a", {{7, 1}, "gone", 1}), "f:7:1: gone\n");
  EXPECT_EQ(format_complaint("f", "a", {{0, 0}, "gone", 1}), "f: gone\n");
}

}  // namespace
}  // namespace faultrig
