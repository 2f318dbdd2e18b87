#include "harness/run/capture.h"

#include <vector>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(Capture, KeepsShortOutputWhole) {
  Capture capture(100, {});
  capture.add("one\n");
  capture.add("two");
  EXPECT_EQ(capture.text(), "one\ntwo");
  EXPECT_EQ(capture.cut(), 0U);
}

TEST(Capture, CutsTheMiddleAndSaysHowMuch) {
  Capture capture(10, {});
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    capture.add(std::string(1, letter));
  }
  EXPECT_EQ(capture.cut(), 16U);
  EXPECT_EQ(capture.text(), "abcde\n[... 16 bytes cut ...]\nvwxyz");
}

TEST(Capture, KeepsTheSameEndsHoweverItComes) {
  std::string all;
  for (int i = 0; i < 5000; ++i) {
    all += std::to_string(i);
  }
  Capture whole(1000, {});
  whole.add(all);
  for (std::size_t piece : {1U, 7U, 499U, 501U, 4000U}) {
    Capture parts(1000, {});
    for (std::size_t at = 0; at < all.size(); at += piece) {
      parts.add(std::string_view(all).substr(at, piece));
    }
    EXPECT_EQ(parts.text(), whole.text()) << piece;
  }
}

TEST(Capture, GivesLinesAcrossPiecesAndTheLastOne) {
  std::vector<std::string> lines;
  Capture capture(100,
                  [&](std::string_view line) { lines.emplace_back(line); });
  capture.add("on");
  capture.add("e\ntwo\nth");
  capture.finish();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "th"}));
}

TEST(Capture, SaysWhereALineBegan) {
  std::vector<std::uint64_t> begins;
  std::vector<std::uint64_t> taken;
  Capture* told = nullptr;
  Capture capture(100, [&](std::string_view) {
    begins.push_back(told->line_begin());
    taken.push_back(told->taken());
  });
  told = &capture;
  capture.add("on");
  capture.add("e\ntwo\nth");
  capture.add("ree\n");
  EXPECT_EQ(begins, (std::vector<std::uint64_t>{0, 4, 8}));
  EXPECT_EQ(taken, (std::vector<std::uint64_t>{10, 10, 14}));
}

TEST(Capture, SplitsALineThatNeverEnds) {
  std::size_t longest = 0;
  Capture capture(100, [&](std::string_view line) {
    longest = std::max(longest, line.size());
  });
  for (int i = 0; i < 100; ++i) {
    capture.add(std::string(10000, 'x'));
  }
  capture.finish();
  EXPECT_EQ(longest, 64U * 1024);
}

}  // namespace
}  // namespace faultrig
