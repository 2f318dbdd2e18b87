// Which tries of a shutdown map are made one at a time, where, and whether they
// are made at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/shutdown_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using End = StopOutcome::End;

class LoneShutdowns : public Shutdowns {};

// What it does not find in a copy of its folder it may find there.
TEST_F(LoneShutdowns, RunInTheFolderItselfWhatDoesNotStartInACopy) {
  ShutdownSource source(ask, sink);
  Recording none;
  none.trouble = "the service ended of its own accord";
  Task first = *source.next();
  EXPECT_THAT(first.order, HasSubstr("keep: [.]"));
  source.learned(first, recording_line(none));
  EXPECT_EQ(source.left(), 1U);
  Task second = *source.next();
  EXPECT_THAT(second.order, Not(HasSubstr("keep")));
  source.learned(second, recording_line(start()));
  Task try_in_place = *source.next();
  EXPECT_THAT(try_in_place.order, Not(HasSubstr("keep")));
  EXPECT_EQ(source.next(), std::nullopt);
  source.learned(try_in_place, stop_outcome_line({End::exited, 0}));
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.golden.in_place, "the service ended of its own accord");
  EXPECT_THAT(map.remarks, Contains(HasSubstr("runs in the folder itself")));
  EXPECT_THAT(shutdown_text(map),
              ContainsRegex("does not cover\n  - in a copy of this folder"));
  EXPECT_THAT(shutdown_text(map),
              EndsWith("; what it does not cover: one point above\n"));
  EXPECT_THAT(shutdown_markdown(map),
              HasSubstr("## What it does not cover\n\n- in a copy"));
}

TEST_F(LoneShutdowns, CannotTellOfWhatStartsNowhere) {
  ShutdownSource source(ask, sink);
  Recording none;
  none.trouble = "the service ended of its own accord";
  EXPECT_EQ(done(source, late_handler, none).size(), 2U);
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.because, "the service ended of its own accord");
  EXPECT_THAT(map.golden.in_place, IsEmpty());
}

// Two that want the same port would each be told of the other's doing.
TEST_F(LoneShutdowns, RunOneAtATimeInOneNetwork) {
  Recording shared = start();
  shared.own_network = false;
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(shared));
  Task first = *source.next();
  EXPECT_EQ(source.next(), std::nullopt);
  source.learned(first, stop_outcome_line({End::exited, 0}));
  EXPECT_TRUE(source.next());
}

TEST_F(LoneShutdowns, RunOneAtATimeWhereTheyShareFiles) {
  ShutdownSource source(ask, sink);
  Recording recording = start();
  recording.shared = {"/run/server.sock"};
  source.learned(*source.next(), recording_line(recording));
  EXPECT_TRUE(source.next());
  EXPECT_EQ(source.next(), std::nullopt);
}

StopOutcome ended_early() {
  StopOutcome out;
  out.by_itself = true;
  out.why = "the service exited 1";
  return out;
}

// A lock that both want is our doing, and no fault of theirs.
TEST_F(LoneShutdowns, TryAgainAloneWhatEndedBesideAnother) {
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(start()));
  Task one = *source.next();
  Task other = *source.next();
  source.learned(other, stop_outcome_line(ended_early()));
  EXPECT_THAT(sink.results, IsEmpty());
  EXPECT_EQ(source.next(), std::nullopt);
  source.learned(one, stop_outcome_line({End::exited, 0}));
  done(source, late_handler, start());
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean) << map.because;
  EXPECT_THAT(map.remarks, Contains(AllOf(HasSubstr("the service exited 1"),
                                          HasSubstr("one at a time"))));
}

// It waited for the lock, until its time was up.
TEST_F(LoneShutdowns, TryAgainAloneWhatWasNeverReadyBesideAnother) {
  StopOutcome waited;
  waited.unready = true;
  waited.why = "the service was not ready within 10 s";
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(start()));
  Task one = *source.next();
  source.learned(*source.next(), stop_outcome_line(waited));
  EXPECT_THAT(sink.results, IsEmpty());
  EXPECT_EQ(source.next(), std::nullopt);
  source.learned(one, stop_outcome_line({End::exited, 0}));
  ShutdownSource never = source;
  done(source, late_handler, start());
  EXPECT_THAT(source.map(false).remarks,
              Contains(AllOf(HasSubstr("was not ready within 10 s"),
                             HasSubstr("one at a time"))));
  // Alone it is no readier: then nothing was in its way.
  done(
      never, [&](const std::string&) { return waited; }, start());
  EXPECT_THAT(never.map(false).remarks, Not(Contains(HasSubstr("one at a"))));
}

// Then it was no collision.
TEST_F(LoneShutdowns, BlameNoneBesideWhatEndsByItselfAloneToo) {
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(start()));
  Task one = *source.next();
  source.learned(*source.next(), stop_outcome_line(ended_early()));
  source.learned(one, stop_outcome_line({End::exited, 0}));
  done(
      source, [](const std::string&) { return ended_early(); }, start());
  ShutdownMap map = source.map(false);
  EXPECT_THAT(map.because, HasSubstr("ended by itself"));
  EXPECT_THAT(map.because, Not(HasSubstr("one at a time")));
}

TEST_F(LoneShutdowns, TellWhatEndsByItselfAlone) {
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(start()));
  source.learned(*source.next(), stop_outcome_line(ended_early()));
  EXPECT_EQ(sink.results.size(), 1U);
  EXPECT_THAT(source.map(false).collided, IsEmpty());
}

// Each further try would meet it too.
TEST_F(LoneShutdowns, EndWhereNoneCanStartForWhatTheRecordingLeft) {
  Recording recording = start();
  recording.shared = {"/run/x.sock"};
  recording.left = {"socket /run/x.sock"};
  ShutdownSource source(ask, sink);
  std::vector<std::string> runs = done(
      source, [](const std::string&) { return ended_early(); }, recording);
  EXPECT_EQ(runs.size(), 4U);
  EXPECT_EQ(source.left(), 0U);
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::could_not_tell);
  EXPECT_THAT(map.remarks,
              Contains(HasSubstr(
                  "it left socket /run/x.sock, which each later try meets")));
  // Who clears it away goes on.
  ShutdownSource clears(ask, sink);
  EXPECT_GT(done(clears, late_handler, recording).size(), 20U);
}

}  // namespace
}  // namespace faultrig
