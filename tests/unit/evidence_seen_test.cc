#include "harness/explain/evidence_seen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::SizeIs;

TEST(EvidenceSeen, PutsTheWitnessAboveTheLog) {
  TraceBuilder trace;
  trace.killed("test", 9, "store.test").exited("go", 1);
  trace.parts.out = "FAIL\texample.com/m/store\t0.1s\nFAIL\n";
  std::vector<Seen> seen = seen_in(trace.evidence());
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].test, "SIGKILL");
  EXPECT_EQ(seen[0].go, "1");
  EXPECT_EQ(seen[0].oom, false);
}

TEST(EvidenceSeen, GivesEachPackageItsOwnBinary) {
  TraceBuilder trace;
  trace.exited("test", 0, "a.test").exited("test", 255, "b.test");
  trace.exited("go", 1);
  trace.parts.out = "ok  \tm/a\t0.1s\nFAIL\tm/b/v2\t0.1s\n";
  std::vector<Seen> seen = seen_in(trace.evidence());
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[0].test, "0");
  EXPECT_EQ(seen[1].test, "255");
}

TEST(EvidenceSeen, KnowsTheTestOfAGoThatSaidNothing) {
  TraceBuilder trace;
  trace.exited("test", 0, "a.test").exited("go", 1);
  std::vector<Seen> seen = seen_in(trace.evidence());
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].test, "0");
  trace.exited("test", 3, "b.test");
  EXPECT_EQ(seen_in(trace.evidence())[0].test, "unknown");
}

TEST(EvidenceSeen, ReadsAnOomKillFromTheCounterAlone) {
  TraceBuilder trace;
  trace.add(Fact::oom_kill, "test", 1).killed("test", 9, "a.test");
  trace.exited("go", 1);
  trace.parts.out = "signal: killed\nFAIL\tm/a\t0.1s\n";
  EXPECT_EQ(seen_in(trace.evidence())[0].oom, true);
}

TEST(EvidenceSeen, TellsAPlainCommandByItsEnd) {
  TraceBuilder trace;
  trace.add(Fact::run_started, "", 0, "sh -c 'exit 7'");
  trace.exited("command", 7, "sh");
  std::vector<Seen> seen = seen_in(trace.evidence());
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].command, "7");
  EXPECT_EQ(seen[0].argv, "sh -c 'exit 7'");
}

}  // namespace
}  // namespace faultrig
