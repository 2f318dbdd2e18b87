// Which lines of an output tell of an error, and which are only printed again.
#include "harness/sweep/site_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ErrorNames kNames{{"input/output error"}, {"eio"}, {"/tmp/7/one.db"}};

std::vector<std::string> said(const std::string& output, bool passed) {
  return lines_that_say(output, kNames, passed);
}

SiteRun printed(const std::string& output) {
  SiteRun run;
  run.output = output;
  return run;
}

// Each pair is one line of a program in two runs of it.
TEST(SteadyLine, IsTheSameInEachRun) {
  const std::pair<const char*, const char*> kLines[] = {
      {"2026/11/26 12:00:59 stored it in 1.234ms",
       "2026/11/27 01:02:03 stored it in 12µs"},
      {"pid 4711: took 1m2.5s", "pid 12: took 3s"},
      {"req=deadbeefabcdefab stored", "req=0123456789abcdef stored"},
      {"id 7b1f0c2e-abcd-4b3a-9f00-aabbccddeeff done",
       "id 00000000-fade-4b3a-9f00-0123456789ab done"},
      {"opened $TMPDIR/fooAbCdEf/x: done", "opened $TMPDIR/fooQrStUv/x: done"},
      {"/tmp/TestA1234567/001/one.db", "/tmp/TestA89/001/one.db"}};
  for (const auto& [one, other] : kLines) {
    EXPECT_EQ(steady_line(one), steady_line(other));
  }
}

TEST(SteadyLine, KeepsItsWords) {
  EXPECT_NE(steady_line("sync: input/output error"),
            steady_line("sync: no space left on device"));
  EXPECT_NE(steady_line("opened $TMPDIR/a: done"),
            steady_line("opened $TMPDIR/a: input/output error"));
}

TEST(KnownLines, AreFoundAgainWithOtherTimes) {
  KnownLines known({printed("12:00:01 mirror: input/output error\n")});
  EXPECT_THAT(known.fresh({"12:00:09 mirror: input/output error"}), IsEmpty());
}

// A program that prints such a line anyway may also print it for our error.
TEST(KnownLines, AreNewBeyondTheirNumber) {
  KnownLines known({printed("1 mirror: EIO\n"), printed("2 mirror: EIO\n")});
  EXPECT_THAT(known.fresh({"3 mirror: EIO", "4 mirror: EIO"}),
              ElementsAre("4 mirror: EIO"));
}

TEST(KnownLines, HaveNoNumberWhereRecordingsDiffer) {
  KnownLines known({printed("1 tick: EIO\n"), printed("1 tick: EIO\n2 tick: "
                                                      "EIO\n")});
  EXPECT_THAT(known.fresh({"1 tick: EIO", "2 tick: EIO", "3 tick: EIO"}),
              IsEmpty());
}

TEST(LinesThatSay, AreNotThoseThatOnlyNameTheFile) {
  EXPECT_THAT(said("stored /tmp/7/one.db\nopening /tmp/7/one.db\n", true),
              IsEmpty());
  EXPECT_THAT(said("cannot keep /tmp/7/one.db\n", true),
              ElementsAre("cannot keep /tmp/7/one.db"));
}

// The path has the word in it, and says nothing by that.
TEST(LinesThatSay, AreNotThoseWhoseFileIsCalledLikeAnError) {
  ErrorNames names{{}, {}, {"/tmp/testfailed/one"}};
  EXPECT_THAT(lines_that_say("stored /tmp/TestFailed/one\n", names, true),
              IsEmpty());
}

TEST(LinesThatSay, AreWhatAFailedTestSaysOfTheFile) {
  const char* line = "    a_test.go:9: read /tmp/7/one.db: got nothing";
  EXPECT_THAT(said(line, false), ElementsAre(line));
  EXPECT_THAT(said("stored /tmp/7/one.db\n", false), IsEmpty());
}

TEST(LinesThatSay, NameTheErrorAsAWordOfItsOwn) {
  EXPECT_THAT(said("deionised\nNOEIO\n", true), IsEmpty());
  EXPECT_THAT(said("write: EIO.\n", true), ElementsAre("write: EIO."));
}

TEST(LinesThatSay, AreStillFoundBehindManyThatArePrintedAnyway) {
  std::string output;
  for (int i = 0; i < 20; ++i) {
    output += "mirror: input/output error\n";
  }
  EXPECT_EQ(said(output + "sync: input/output error\n", true).back(),
            "sync: input/output error");
}

}  // namespace
}  // namespace faultrig
