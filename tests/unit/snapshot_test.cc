#include "harness/model/snapshot.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/comparison.h"
#include "harness/report/compare_report.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = FeatureKind;

const Feature kExit{Kind::exit, "exited 0", "test"};
const Feature kLock{Kind::block, "sync.(*Mutex).Lock", "shop.record"};
const Feature kError{Kind::error, "openat ENOENT /etc/shop", "shop.load"};
const Feature kTest{Kind::test, "pass", "TestPay"};

RunFeatures run_of(std::set<Feature> seen) { return {std::move(seen), {}}; }

Snapshot of(const std::vector<std::set<Feature>>& runs) {
  std::vector<RunFeatures> all;
  for (const auto& run : runs) {
    all.push_back(run_of(run));
  }
  return snapshot_of(all);
}

std::string error_of(const std::string& text) {
  auto read = parse_snapshot(text);
  return read ? "" : read.error().what;
}

const std::string kHead = "faultrig snapshot\t1\nruns\t2\n";

TEST(Snapshot, MarksWhatAllRunsShowed) {
  Snapshot seen = of({{kExit, kLock}, {kExit}});
  seen.faultrig = "1.0";
  seen.go = "go1.26.8";
  seen.of = "./shop";
  seen.unseen[Kind::span] = "no span was received";
  EXPECT_EQ(snapshot_text(seen),
            "faultrig snapshot\t1\n"
            "by\t1.0\n"
            "go\tgo1.26.8\n"
            "of\t./shop\n"
            "runs\t2\n"
            "unseen\tspan\tno span was received\n"
            "block\tsync.(*Mutex).Lock\tshop.record\tseen\n"
            "exit\texited 0\ttest\tstable\n");
}

TEST(Snapshot, IsReadAsItWasWritten) {
  Snapshot seen = of({{kExit, kLock, kError}, {kExit, kTest}});
  seen.of = "-- ./server --once";
  seen.unseen[Kind::wait] = "not looked at";
  auto read = parse_snapshot(snapshot_text(seen));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->lines, seen.lines);
  EXPECT_EQ(read->unseen, seen.unseen);
  EXPECT_EQ(read->of, seen.of);
  EXPECT_EQ(read->runs, 2);
  EXPECT_EQ(snapshot_text(*read), snapshot_text(seen));
}

// As git writes it on other machines.
TEST(Snapshot, MayHaveOtherEndsOfLines) {
  auto read = parse_snapshot("faultrig snapshot\t1\r\nruns\t1\r\n");
  EXPECT_TRUE(read);
}

TEST(Snapshot, RefusesWhatIsNone) {
  EXPECT_EQ(error_of(""), "1: it is empty, and no snapshot");
  EXPECT_THAT(error_of("package shop\n"), HasSubstr("1: this is no snapshot"));
  EXPECT_THAT(error_of("faultrig snapshot\t2\nruns\t1\n"),
              HasSubstr("1: a snapshot of format 2"));
  EXPECT_EQ(error_of("faultrig snapshot\t1\n"), "1: `runs` is missing");
  EXPECT_THAT(error_of(kHead + "smell\ta\tb\tstable\n"),
              HasSubstr("3: no such kind of feature: smell"));
  EXPECT_EQ(error_of(kHead + "exit\ta\tb\tsometimes\n"),
            "3: expected stable or seen");
  EXPECT_THAT(error_of(kHead + "exit\ta\tb\n"), HasSubstr("3: expected kind"));
  EXPECT_EQ(error_of(kHead + "mood\tgood\n"), "3: nothing is called mood here");
  EXPECT_EQ(error_of(kHead + "runs\t0\n"), "3: runs: expected a number from 1");
  EXPECT_EQ(error_of(kHead + "unseen\tsmell\twhy\n"),
            "3: no such kind of feature: smell");
  std::string line = "exit\ta\tb\tstable\n";
  EXPECT_EQ(error_of(kHead + line + line), "4: this line stands there twice");
}

TEST(Snapshot, RefusesWhatATerminalWouldObey) {
  EXPECT_EQ(error_of(kHead + "exit\t\x1b[2J\tb\tstable\n"),
            "3: a character that no snapshot has");
  EXPECT_EQ(error_of(kHead + "exit\t\xff\tb\tstable\n"),
            "3: a character that no snapshot has");
}

TEST(Snapshot, IsBounded) {
  EXPECT_THAT(error_of(std::string(kMostSnapshot + 1, 'a')),
              HasSubstr("256 KiB at most"));
}

TEST(Snapshot, FeaturesHaveNoNumbersThatChange) {
  EXPECT_EQ(
      feature(Kind::error, "openat ENOENT /tmp/x1234567/001/a12", "f").what,
      "openat ENOENT /tmp/x#/#/a12");
  EXPECT_EQ(feature(Kind::crash, "panic: 0xc000123456", "").what, "panic: 0x#");
  EXPECT_EQ(feature(Kind::block, "runtime.selectgo", "a.f.func1000").site,
            "a.f.func1000");
  EXPECT_EQ(feature(Kind::exit, "exited 143", "test").what, "exited 143");
  EXPECT_EQ(feature(Kind::span, "a\tb\x1b", "s").what, "a\\tb\\x1b");
}

TEST(Compared, TheSameIsOne) {
  Compared same = compare_snapshots(of({{kExit, kTest}}), of({{kExit, kTest}}));
  EXPECT_TRUE(same.same());
  EXPECT_EQ(same.score(), 1000);
  EXPECT_THAT(same.common, ElementsAre(kExit, kTest));
}

TEST(Compared, NamesWhatIsNewAndWhatIsGone) {
  Compared seen = compare_snapshots(of({{kExit, kTest}, {kExit, kTest}}),
                                    of({{kExit, kLock}, {kExit, kLock}}));
  EXPECT_THAT(seen.fresh, ElementsAre(kLock));
  EXPECT_THAT(seen.gone, ElementsAre(kTest));
  EXPECT_EQ(seen.score(), 333);
  EXPECT_EQ(kLock.text(), "block sync.(*Mutex).Lock in shop.record");
}

// What one side shows at times is neither new nor gone.
TEST(Compared, WhatFlapsIsNoDifference) {
  EXPECT_TRUE(compare_snapshots(of({{kExit, kLock}, {kExit}}),
                                of({{kExit, kLock}, {kExit, kLock}}))
                  .same());
  EXPECT_TRUE(
      compare_snapshots(of({{kExit}}), of({{kExit, kLock}, {kExit}})).same());
  EXPECT_FALSE(compare_snapshots(of({{kExit}}), of({{kExit, kLock}})).same());
}

TEST(Compared, WhatOneSideCouldNotSeeIsToldAndNotCompared) {
  Snapshot base = of({{kExit, kLock}});
  Snapshot blind =
      snapshot_of({RunFeatures{{kExit}, {{Kind::block, "no profile"}}}});
  Compared seen = compare_snapshots(base, blind);
  EXPECT_TRUE(seen.same());
  EXPECT_EQ(seen.unseen.at(Kind::block), "of the second: no profile");
  Comparison told{"a", "b", seen, {}, {}};
  EXPECT_EQ(told.verdict(), Comparison::Verdict::cannot_tell);
}

// A kind that a run did not see is not made stable by those that did.
TEST(Compared, AKindIsSeenOnlyWhereEachRunSawIt) {
  Snapshot seen = snapshot_of(
      {run_of({kExit, kLock}), RunFeatures{{kExit}, {{Kind::block, "lost"}}}});
  EXPECT_FALSE(seen.lines.contains(kLock));
  EXPECT_EQ(seen.unseen.at(Kind::block), "lost");
}

TEST(Compared, NothingInCommonIsNothingToTellBy) {
  Comparison told;
  told.features = compare_snapshots(of({{}}), of({{}}));
  EXPECT_EQ(told.verdict(), Comparison::Verdict::cannot_tell);
  EXPECT_EQ(told.features.score(), 0);
}

TEST(Compared, ScoresAreNeverRoundedUpToOne) {
  EXPECT_EQ(score_text(1000), "1.000");
  EXPECT_EQ(score_text(818), "0.818");
  EXPECT_EQ(score_text(7), "0.007");
}

TEST(CompareReport, TellsNamesBelowTheNumber) {
  Comparison told{
      "old.snap",
      "new.snap",
      compare_snapshots(of({{kExit, kTest}}), of({{kExit, kTest, kLock}})),
      {},
      {"made by another"}};
  std::string text = compare_text(told);
  EXPECT_THAT(text,
              HasSubstr("different    score 0.666: 2 features in all runs "
                        "of both, 1 new, 0 gone\n"
                        "new          block sync.(*Mutex).Lock in "
                        "shop.record\n"));
  EXPECT_THAT(text, HasSubstr("note         made by another\n"));
  std::string json = compare_json(told);
  EXPECT_THAT(json, HasSubstr("\"verdict\": \"different\""));
  EXPECT_THAT(json, HasSubstr("\"site\": \"shop.record\""));
  EXPECT_THAT(json, HasSubstr("\"latency\": null"));
}

TEST(CompareReport, ASlowerProgramIsAnotherOne) {
  Comparison told{
      "a", "b", compare_snapshots(of({{kExit}}), of({{kExit}})), {}, {}};
  EXPECT_EQ(told.verdict(), Comparison::Verdict::same);
  told.latency.verdict = Latency::Verdict::slower;
  told.latency.ratio = 1.3;
  told.latency.low = 1.2;
  told.latency.high = 1.5;
  EXPECT_EQ(told.verdict(), Comparison::Verdict::different);
  EXPECT_THAT(compare_text(told), HasSubstr("slower 1.3x (1.2..1.5)"));
  told.latency.verdict = Latency::Verdict::cannot_tell;
  EXPECT_EQ(told.verdict(), Comparison::Verdict::cannot_tell);
}

}  // namespace
}  // namespace faultrig
