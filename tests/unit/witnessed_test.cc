#include "harness/judge/witnessed.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using Kind = Conclusion::Kind;
using ::testing::EndsWith;
using ::testing::HasSubstr;

Observation seen(Fact fact, std::int64_t number = 0,
                 const std::string& text = "") {
  Observation out;
  out.fact = fact;
  out.link = "test";
  out.number = number;
  out.text = text;
  return out;
}

TraceBuilder exited(int code, const std::string& word) {
  TraceBuilder trace;
  trace.exited("test", code).add(Fact::last_word, "test", 0, word);
  return trace;
}

TEST(Conclude, IsCleanOnlyWithExit0AndPass) {
  Conclusion clean = conclude(exited(0, "PASS").evidence());
  EXPECT_EQ(clean.kind, Kind::clean);
  EXPECT_EQ(clean.text, "");
  EXPECT_EQ(conclude(exited(0, "").evidence()).kind, Kind::broken);
  EXPECT_EQ(conclude(exited(0, "FAIL").evidence()).kind, Kind::broken);
  EXPECT_EQ(conclude(exited(1, "PASS").evidence()).kind, Kind::broken);
}

TEST(Conclude, AsksNoWordOfAProgramThatIsNoTest) {
  TraceBuilder trace;
  trace.exited("command", 0);
  EXPECT_EQ(conclude(trace.evidence()).kind, Kind::clean);
}

TEST(Conclude, SaysWhatACodeOfAShellStandsFor) {
  TraceBuilder killed;
  killed.exited("command", 137);
  EXPECT_EQ(conclude(killed.evidence()).text, "exited 137 (128 + SIGKILL)");
  TraceBuilder chosen;
  chosen.exited("command", 3);
  EXPECT_EQ(conclude(chosen.evidence()).text, "exited 3");
}

TEST(Conclude, NamesTheTestsThatFailed) {
  TraceBuilder trace;
  trace.exited("test", 1)
      .test("TestA", "fail")
      .test("TestB", "fail")
      .add(Fact::last_word, "test", 5, "FAIL");
  Conclusion failed = conclude(trace.evidence());
  EXPECT_EQ(failed.kind, Kind::failed);
  EXPECT_EQ(failed.text, "exited 1: 2 of 5 tests failed (TestA, TestB)");
}

TEST(Conclude, CountsWithoutATotalWhereNoneWasSaid) {
  TraceBuilder trace = exited(1, "FAIL");
  trace.test("TestA", "fail");
  EXPECT_EQ(conclude(trace.evidence()).text, "exited 1: 1 test failed (TestA)");
  EXPECT_EQ(conclude(exited(1, "FAIL").evidence()).text,
            "exited 1 and said FAIL");
}

TEST(Conclude, NamesAFewOfManyTests) {
  TraceBuilder trace = exited(1, "FAIL");
  for (int i = 0; i < 9; ++i) {
    trace.test("Test" + std::to_string(i), "fail");
  }
  EXPECT_EQ(conclude(trace.evidence()).text,
            "exited 1: 9 tests failed (Test0, Test1, Test2, ...)");
}

TEST(Conclude, TakesAnOomKillFromTheCounterAlone) {
  TraceBuilder trace;
  trace.killed("test", SIGKILL)
      .add(seen(Fact::oom_kill, 1))
      .add(seen(Fact::limit_hit, 0, "memory cap 128MiB of its cgroup"))
      .add(seen(Fact::peak_memory, 128 << 20))
      .add(seen(Fact::most_processes, 3));
  EXPECT_EQ(conclude(trace.evidence()).text,
            "was OOM-killed: memory cap 128MiB of its cgroup, peak 128.0MiB, "
            "1 of 3 processes");
}

TEST(Conclude, TellsWhoSentASignal) {
  TraceBuilder trace;
  Observation from = seen(Fact::signal_from, SIGTERM, "timeout 5 go test");
  from.pid = 77;
  trace.killed("test", SIGTERM).add(from);
  EXPECT_EQ(conclude(trace.evidence()).text,
            "was killed by SIGTERM, from 'timeout 5 go test' (pid 77)");
}

TEST(Conclude, SaysSoWhenTheSenderIsUnknown) {
  TraceBuilder counted;
  counted.killed("test", SIGKILL)
      .add(seen(Fact::signal_from, SIGKILL, "unknown"))
      .add(seen(Fact::peak_memory, 1 << 20));
  EXPECT_EQ(conclude(counted.evidence()).text,
            "was killed by SIGKILL, by whom is unknown; not for memory: its "
            "cgroup counted no OOM kill");
  TraceBuilder blind;
  blind.killed("test", SIGKILL)
      .add(seen(Fact::signal_from, SIGKILL, "unknown"));
  EXPECT_THAT(conclude(blind.evidence()).text,
              EndsWith("whether for memory is unknown too"));
}

TEST(Conclude, TellsACrashBeforeTheCode) {
  TraceBuilder trace = exited(2, "");
  Observation crash = seen(Fact::go_crash, 0, "panic: boom");
  crash.action = "panic";
  crash.call = "m/x.TestA";
  EXPECT_EQ(conclude(trace.add(crash).evidence()).text,
            "exited 2: panic: boom in m/x.TestA");
}

TEST(Conclude, TellsWhoAskedForAGoroutineDump) {
  TraceBuilder trace;
  Observation passed = seen(Fact::signal_passed, SIGQUIT, "go test ./...");
  passed.pid = 9;
  Observation crash = seen(Fact::go_crash, 0, "SIGQUIT: quit");
  crash.action = "signal";
  trace.add(passed).exited("test", 2).add(crash);
  EXPECT_EQ(conclude(trace.evidence()).text,
            "exited 2: SIGQUIT from 'go test ./...' (pid 9)");
}

TEST(Conclude, NotesWhatAPassLeavesBehind) {
  TraceBuilder trace = exited(0, "PASS");
  Observation left = seen(Fact::leftover, 0, "sleep 300");
  left.pid = 12;
  Conclusion noted = conclude(trace.add(left).evidence());
  EXPECT_EQ(noted.kind, Kind::noted);
  EXPECT_EQ(noted.text, "passed; left 1 process behind: sleep 300 (pid 12)");
}

TEST(Conclude, NotesForksThatWereRefused) {
  TraceBuilder trace = exited(0, "PASS");
  trace.add(seen(Fact::limit_hit, 4, "pids cap of its cgroup, 4 times"));
  EXPECT_EQ(conclude(trace.evidence()).text,
            "passed; met the pids cap of its cgroup, 4 times");
}

TEST(Conclude, TellsAStartThatFailed) {
  TraceBuilder trace;
  trace.add(Fact::never_started, "command", 0, "exec x: No such file");
  EXPECT_EQ(conclude(trace.evidence()).text,
            "never started: exec x: No such file");
  EXPECT_EQ(conclude(TraceBuilder().evidence()).kind, Kind::broken);
}

TEST(ConclusionLine, IsOneShortLineWhateverTheProgramPrinted) {
  Conclusion conclusion{Kind::broken,
                        "said \x1b[31m\n" + std::string(300, 'x')};
  std::string line = conclusion_line("a.test", conclusion);
  EXPECT_THAT(line, HasSubstr("faultrig: a.test said \\x1b[31m\\nxxx"));
  EXPECT_EQ(line.size(), 160U);
  EXPECT_THAT(line, EndsWith("x..."));
}

TEST(ConclusionLine, CutsNoCharacterInTwo) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "\u00e9\u4e16";
  }
  for (int shift = 0; shift < 4; ++shift) {
    std::string line =
        conclusion_line(std::string(static_cast<std::size_t>(shift), 'n'),
                        {Kind::broken, text});
    EXPECT_LE(line.size(), 160U);
    EXPECT_EQ(line.find("\xEF\xBF\xBD"), std::string::npos);
  }
}

}  // namespace
}  // namespace faultrig
