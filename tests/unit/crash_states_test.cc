// What a disk may hold when power goes: each rule by the smallest row of
// operations that shows it.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/crash_story.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> states(const Story& story, CrashStateKind kind,
                                CrashModel model = CrashModel::ext4) {
  CrashStates all(story.record(), {{kind}, model, kMostCrashStates});
  std::vector<std::string> out;
  for (const CrashState& state : all.chosen()) {
    out.push_back(shown(all.tree_of(state)));
  }
  return out;
}

// Of power that goes behind all of it.
std::vector<std::string> at_end(Story story, CrashStateKind kind,
                                CrashModel model = CrashModel::ext4) {
  return states(story.power_goes_at_the_end(), kind, model);
}

TEST(CrashStates, KeepAllThatWasDoneAsAfterAKill) {
  Story story;
  story.create("a", 1).write(1, "one").rename("a", "b").remove("b");
  EXPECT_THAT(states(story, CrashStateKind::kept),
              UnorderedElementsAre("", "a=", "a=one", "b=one"));
}

TEST(CrashStates, HoldNothingThatNobodySynced) {
  Story story;
  story.create("a", 1).write(1, "one").rename("a", "b");
  EXPECT_THAT(states(story, CrashStateKind::synced), ElementsAre(""));
}

TEST(CrashStates, HoldAPrefixOfTheNamesInOrder) {
  Story story;
  story.create("a", 1).fsync(1).rename("a", "b").create("c", 2).fsync(2).create(
      "d", 3);
  EXPECT_THAT(states(story, CrashStateKind::synced),
              UnorderedElementsAre("", "a=", "b= c="));
}

// As ext4's journal does; what POSIX promises is less.
TEST(CrashStates, HoldEarlierNamesOnceAFileWasSynced) {
  Story story;
  story.create("a", 1).write(1, "one").rename("a", "b").fsync(1);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("b=one"));
  EXPECT_THAT(at_end(story, CrashStateKind::synced, CrashModel::posix),
              ElementsAre(""));
  story.fsync_folder();
  EXPECT_THAT(at_end(story, CrashStateKind::synced, CrashModel::posix),
              ElementsAre("b=one"));
}

// Seen on an image: the journal has nothing of that file to commit.
TEST(CrashStates, GainNothingBySyncingWhatHasNotChanged) {
  Story story;
  story.has("old", 7, "o").create("a", 1).fsync(7);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("old=o"));
  story.write(7, "n").fsync(7);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("a= old=n"));
}

TEST(CrashStates, GainNamesByFdatasyncOnlyWhereASizeHasChanged) {
  Story story;
  story.has("log", 7, "oo").create("a", 1).write(7, "n").fdatasync(7);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("log=no"));
  story.write(7, "m", 2).fdatasync(7);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("a= log=nom"));
}

TEST(CrashStates, MayHaveANewNameOfAnEmptyFile) {
  Story story;
  story.create("new", 1).write(1, "one").rename("new", "file");
  EXPECT_THAT(at_end(story, CrashStateKind::names),
              UnorderedElementsAre("", "new=", "file="));
}

// ext4 writes the data first then (auto_da_alloc); POSIX promises nothing.
TEST(CrashStates, HaveTheContentOfWhatTookAnotherPlaceOnExt4) {
  Story story;
  story.has("file", 7, "old")
      .create("new", 1)
      .write(1, "one")
      .rename("new", "file");
  EXPECT_THAT(at_end(story, CrashStateKind::names),
              UnorderedElementsAre("file=old", "file=old new=", "file=one"));
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("file=old"));
  EXPECT_THAT(at_end(story, CrashStateKind::names, CrashModel::posix),
              UnorderedElementsAre("file=old", "file=old new=", "file="));
}

// Of names the journal may be behind, but for what a sync has committed.
TEST(CrashStates, MayHaveOlderNamesThanWereAcknowledged) {
  Story story;
  story.create("a", 1).fsync_folder().create("b", 2).print("b").create("c", 3);
  EXPECT_THAT(at_end(story, CrashStateKind::names),
              UnorderedElementsAre("a=", "a= b=", "a= b= c="));
  CrashStates all(story.record(), {{CrashStateKind::names}});
  for (const CrashState& state : all.chosen()) {
    bool empty = all.tree_of(state).names.all().empty();
    EXPECT_EQ(all.printed_by(state), empty ? "" : "b") << all.text_of(state);
  }
}

TEST(CrashStates, AreTornAtSectorsAlone) {
  Story story;
  story.create("log", 1).write(1, std::string(2000, 'x'));
  EXPECT_THAT(at_end(story, CrashStateKind::torn),
              UnorderedElementsAre("log=x*512", "log=x*1024", "log=x*1536"));
  Story little;
  little.create("log", 1).write(1, std::string(512, 'x'));
  EXPECT_THAT(at_end(little, CrashStateKind::torn), ElementsAre());
}

TEST(CrashStates, AreTornWhereTheFileHasItsSectors) {
  Story story;
  story.has("log", 7, std::string(500, 'o'))
      .write(7, std::string(20, 'x'), 500);
  EXPECT_THAT(at_end(story, CrashStateKind::torn),
              ElementsAre("log=o*500x*12"));
}

TEST(CrashStates, KeepTheOldEndOfATornWriteInPlace) {
  Story story;
  story.has("page", 7, std::string(1024, 'o')).write(7, std::string(1024, 'n'));
  EXPECT_THAT(at_end(story, CrashStateKind::torn),
              ElementsAre("page=n*512o*512"));
}

TEST(CrashStates, TearNothingThatWasSynced) {
  Story story;
  story.create("log", 1).write(1, std::string(2000, 'x')).fsync(1).print("ok");
  EXPECT_THAT(at_end(story, CrashStateKind::torn), ElementsAre());
}

TEST(CrashStates, LackAnEarlierWriteInPlaceBeforeALaterOne) {
  Story story;
  story.has("db", 7, std::string(1536, 'o'))
      .write(7, std::string(512, 'a'))
      .write(7, std::string(512, 'b'), 1024);
  EXPECT_THAT(states(story, CrashStateKind::reordered),
              ElementsAre("db=o*1024b*512"));
}

// A sector is written as it is then, with the earlier write in it.
TEST(CrashStates, LackNothingOfASectorThatWasWrittenAgain) {
  Story story;
  story.has("db", 7, std::string(1024, 'o'))
      .write(7, std::string(1024, 'a'))
      .write(7, "b", 100);
  EXPECT_THAT(states(story, CrashStateKind::reordered),
              ElementsAre("db=a*100ba*411o*512"));
}

TEST(CrashStates, LackNoEarlierWriteThatMadeTheFileLonger) {
  Story story;
  story.create("db", 1)
      .write(1, std::string(512, 'a'))
      .write(1, std::string(512, 'b'), 512);
  EXPECT_THAT(states(story, CrashStateKind::reordered), ElementsAre());
}

TEST(CrashStates, AreNeverLongerThanWhatWasWritten) {
  Story story;
  story.has("log", 7, std::string(700, 'o'))
      .write(7, std::string(900, 'x'), 700)
      .fsync(7)
      .write(7, std::string(5000, 'y'), 1600)
      .resize(7, 100);
  for (int kind = 0; kind < 5; ++kind) {
    CrashStates all(story.record(), {{static_cast<CrashStateKind>(kind)}});
    for (const CrashState& state : all.chosen()) {
      EXPECT_LE(all.tree_of(state).content.at(7).size(), 6600U);
    }
  }
}

// os.WriteFile over an old file: empty first, in the journal; then its content.
TEST(CrashStates, AreEmptyWhereOnlyTheTruncationIsThere) {
  Story story;
  story.has("file", 7, "old").resize(7, 0).write(7, "new");
  EXPECT_THAT(at_end(story, CrashStateKind::names),
              UnorderedElementsAre("file=old", "file="));
  EXPECT_THAT(at_end(story, CrashStateKind::names, CrashModel::posix),
              ElementsAre("file=old"));
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("file=old"));
}

TEST(CrashStates, MoveAFolderWithAllBelowIt) {
  Story story;
  story.folder("a").create("a/x", 1).create("a.b", 2).rename("a", "c").sync();
  EXPECT_THAT(at_end(story, CrashStateKind::synced),
              ElementsAre("a.b= c/ c/x="));
  story.remove("c");
  EXPECT_THAT(at_end(story, CrashStateKind::kept), ElementsAre("a.b="));
}

TEST(CrashStates, GiveAFileFromOutsideItsContentByItsOwnSync) {
  Story story;
  story.write(1, "one").fsync(1).enter("file", 1);
  EXPECT_THAT(at_end(story, CrashStateKind::names),
              UnorderedElementsAre("", "file=one"));
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre(""));
  story.fsync_folder();
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("file=one"));
}

TEST(CrashStates, GiveHardLinksOneContent) {
  Story story;
  story.create("a", 1).enter("b", 1).write(1, "x").fsync(1);
  EXPECT_THAT(at_end(story, CrashStateKind::synced), ElementsAre("a=x b=x"));
}

TEST(CrashStates, LackSomethingOnlyWhereTheyDifferFromWhatWasDone) {
  Story story;
  story.create("a", 1).write(1, "x").fsync(1);
  CrashStates kept(story.record(), {{CrashStateKind::kept}});
  for (const CrashState& state : kept.chosen()) {
    EXPECT_FALSE(state.lacks);
  }
  CrashStates synced(story.record(), {{CrashStateKind::synced}});
  ASSERT_EQ(synced.chosen().size(), 2U);
  EXPECT_TRUE(synced.chosen()[0].lacks);
  EXPECT_FALSE(synced.chosen()[1].lacks);
}

// Of one content the state is told before which most was acknowledged.
TEST(CrashStates, AreTheLatestOfTheirContent) {
  Story story;
  story.create("a", 1).write(1, "x").print("acked\n").fsync(1);
  CrashStates all(story.record(), {{CrashStateKind::synced}});
  ASSERT_EQ(all.chosen().size(), 2U);
  EXPECT_EQ(all.chosen()[0].after, 3U);
  EXPECT_EQ(all.printed_by(all.chosen()[0]), "acked\n");
  EXPECT_THAT(all.text_of(all.chosen()[0]),
              HasSubstr("synced: power went after operation 3 of 4, the print "
                        "of 6 bytes; lost: making of the file 'a'"));
}

TEST(CrashStates, AreOneOfAContentWhateverTheirKind) {
  Story story;
  story.create("a", 1).write(1, "x").fsync(1);
  CrashStates all(
      story.record(),
      {{CrashStateKind::kept, CrashStateKind::synced, CrashStateKind::names}});
  EXPECT_EQ(all.found(), 3U);  // nothing, an empty file, a whole one
}

TEST(CrashStates, AreTakenFromAllOverWhereThereAreTooMany) {
  Story story;
  for (FileId i = 0; i < 100; ++i) {
    story.create("f" + std::to_string(i), i);
  }
  CrashStates all(story.record(),
                  {{CrashStateKind::kept}, CrashModel::ext4, 10});
  EXPECT_EQ(all.found(), 101U);
  EXPECT_TRUE(all.looked_at_all());
  ASSERT_EQ(all.chosen().size(), 10U);
  EXPECT_EQ(all.chosen().front().after, 0U);
  EXPECT_GT(all.chosen().back().after, 85U);
}

TEST(CrashStates, OfAVeryLongRecordSayThatNotAllWereLookedFor) {
  Story story;
  for (FileId i = 0; i < 3000; ++i) {
    story.create("f" + std::to_string(i % 10), i);
  }
  CrashStates all(story.record(),
                  {{CrashStateKind::kept}, CrashModel::ext4, 10});
  EXPECT_FALSE(all.looked_at_all());
}

TEST(CrashStates, AreOfMomentsAtWhichPowerMayGo) {
  Story story;
  story.create("a", 1).create("b", 2);
  DiskRecord record = story.record();
  record.may_end = {false, true, false};
  CrashStates all(record, {{CrashStateKind::kept}});
  ASSERT_EQ(all.chosen().size(), 1U);
  EXPECT_EQ(shown(all.tree_of(all.chosen()[0])), "a=");
}

// A careful saver: what was acknowledged is in each state behind it.
TEST(CrashStates, OfACarefulSaverHoldAllThatItAcknowledged) {
  Story story;
  for (FileId i = 1; i <= 3; ++i) {
    story.create("t", i)
        .write(i, std::to_string(i))
        .fsync(i)
        .rename("t", "file")
        .fsync_folder()
        .print(std::to_string(i));
  }
  for (CrashModel model : {CrashModel::ext4, CrashModel::posix}) {
    CrashStates all(
        story.record(),
        {{CrashStateKind::kept, CrashStateKind::synced, CrashStateKind::names,
          CrashStateKind::torn, CrashStateKind::reordered},
         model});
    for (const CrashState& state : all.chosen()) {
      std::string printed = all.printed_by(state);
      FileTree tree = all.tree_of(state);
      const TreeName* name = tree.names.find("file");
      std::string has = name == nullptr ? "" : tree.content[name->file];
      std::string last =
          printed.empty() ? "" : printed.substr(printed.size() - 1);
      EXPECT_GE(has, last) << all.text_of(state);
    }
  }
}

}  // namespace
}  // namespace faultrig
