// What a service leaves behind when it was told to stop, and what is none of
// that.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/shutdown_scenario.h"
#include "harness/run/left_files.h"
#include "harness/sweep/findings.h"
#include "harness/sweep/stop_outcome.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using End = StopOutcome::End;

// Told to stop, it ends so, with a socket and a pid file left.
TraceBuilder ended_by(WaitStatus status) {
  TraceBuilder trace;
  trace.fault("signal", "stop");
  trace.add(Fact::process_started, "service", 42);
  trace.add(Fact::signal_sent, "service", SIGTERM);
  trace.parts.trace.back().fault = 0;
  trace.add(Fact::process_ended, "service", status.raw());
  for (const auto& [what, path] :
       {std::pair("socket", "run/x.sock"), std::pair("pid file", "x.pid")}) {
    Observation left;
    left.fact = Fact::files_seen;
    left.action = kFileLeft;
    left.path = path;
    left.text = what;
    trace.add(std::move(left));
  }
  return trace;
}

TEST(LeftBehind, AreSocketsAndPidFilesOfWhatEndedByItself) {
  StopOutcome out =
      stop_outcome(ended_by(WaitStatus::of_exit(0)).evidence(), 1);
  EXPECT_THAT(out.left_files,
              ElementsAre("socket run/x.sock", "pid file x.pid"));
  EXPECT_EQ(out.text(), "exited 0, left behind");
}

// Who is killed cannot clean up; that it was is a finding, or none.
TEST(LeftBehind, AreNoFilesOfWhatWasKilled) {
  StopOutcome out =
      stop_outcome(ended_by(WaitStatus::of_signal(SIGTERM)).evidence(), 1);
  EXPECT_EQ(out.end, End::unhandled);
  EXPECT_THAT(out.left_files, IsEmpty());
  EXPECT_EQ(out.text(), "killed unhandled");
}

ShutdownMap map_with(Phase phase, StopOutcome stop) {
  ShutdownMap map;
  for (Phase one : {phase, Phase::ready}) {
    Instant instant;
    instant.phase = one;
    instant.tie = Instant::Tie::ready;
    map.points.push_back({instant, {stop}});
    stop.left_files.clear();
  }
  conclude_map(map);
  return map;
}

StopOutcome leaving(const std::vector<std::string>& files) {
  StopOutcome out{End::exited, 0};
  out.left_files = files;
  return out;
}

TEST(LeftBehind, FilesAreAFinding) {
  ShutdownMap map =
      map_with(Phase::listening,
               leaving({"pid file x.pid", "socket $TMPDIR/a12345[/s"}));
  ASSERT_EQ(map.findings.size(), 1U);
  EXPECT_THAT(map.because, HasSubstr("left behind: pid file x.pid, socket "
                                     "$TMPDIR/a12345[/s, told at ready"));
  // Its scenario asks for them, whatever number they have next time.
  ShutdownAsk ask;
  ask.asked.command = {"./server"};
  ask.cwd = "/";
  auto yaml = finding_yaml(ask, map, map.findings[0]);
  ASSERT_TRUE(yaml);
  EXPECT_THAT(*yaml,
              HasSubstr(R"(files: {gone: ["$TMPDIR/a*\\[/s", "x.pid"]})"));
  EXPECT_THAT(*yaml, HasSubstr("keep: [.]"));
  EXPECT_EQ(finding_name(map, 0), "1-listening-file-left");
}

// Told twice, it was told to hurry.
TEST(LeftBehind, FilesAreNoneWhenToldTwice) {
  ShutdownMap map = map_with(Phase::draining, leaving({"pid file x.pid"}));
  EXPECT_THAT(map.findings, IsEmpty());
}

TEST(LeftBehind, SayWhichFilesAllTriesShare) {
  ShutdownMap map = map_with(Phase::ready, {End::exited, 0});
  map.golden.shared = {"/run/a", "/run/b", "/run/c", "/run/d"};
  conclude_map(map);
  EXPECT_THAT(map.remarks,
              Contains(HasSubstr(
                  "outside of the folder and the TMPDIR that each try has of "
                  "its own, all of them share /run/a, /run/b, /run/c and 1 "
                  "more")));
}

TEST(LeftBehind, FilesAreNamedInFullByACommand) {
  EXPECT_THAT(
      files_named_in({"/bin/server", "/nowhere/a", "--pid=/nowhere/b",
                      "unix:/nowhere/c", "unix:///nowhere/d", "-data", "/tmp",
                      "http://host/e", "--url=https://host/f", "run/g", "x"}),
      ElementsAre("/nowhere/a", "/nowhere/b", "/nowhere/c", "///nowhere/d"));
}

}  // namespace
}  // namespace faultrig
