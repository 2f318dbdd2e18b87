// What was not there while a service was tried, and what was.
#include "harness/model/lacked_need.h"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

std::string lacked(TraceBuilder& trace) {
  auto found = lacked_need(trace.evidence());
  return found ? found->why : "";
}

TEST(LackedNeed, IsOneThatEndedBeforeTheService) {
  TraceBuilder trace;
  trace.exited("db", 1).exited("service", 0);
  EXPECT_EQ(lacked(trace), "db exited 1, while it was needed");
}

TEST(LackedNeed, IsNoneThatEndedAfterIt) {
  TraceBuilder trace;
  trace.exited("service", 0)
      .wait(std::chrono::milliseconds(20))
      .exited("db", 1);
  EXPECT_EQ(lacked(trace), "");
}

// Those that end together are reaped in no order.
TEST(LackedNeed, IsOneThatEndedWithIt) {
  TraceBuilder trace;
  trace.exited("service", 3).exited("db", 0);
  EXPECT_EQ(lacked(trace), "db exited 0, while it was needed");
}

TEST(LackedNeed, IsOneThatASecondLifeMissed) {
  TraceBuilder trace;
  trace.exited("service", 0)
      .exited("db", 0)
      .add(Fact::second_unready, "service");
  EXPECT_EQ(lacked(trace), "db exited 0, while it was needed");
}

TEST(LackedNeed, IsNoneThatWeHaveStopped) {
  TraceBuilder trace;
  trace.add(Fact::our_signal, "db", SIGTERM).killed("db", SIGTERM);
  EXPECT_EQ(lacked(trace), "");
}

TEST(LackedNeed, IsNoLinkOfTheWorkload) {
  TraceBuilder trace;
  trace.exited("db", 0).exited("service", 3);
  Evidence evidence = trace.evidence();
  ASSERT_EQ(evidence.exits().size(), 1U);
  EXPECT_EQ(evidence.exits()[0].name, "service");
  ASSERT_EQ(evidence.beside().size(), 1U);
  EXPECT_EQ(evidence.beside()[0].link, Link::need);
}

TEST(LackedNeed, SaysItsLastWords) {
  TraceBuilder trace;
  trace.exited("db", 2)
      .add(Fact::last_output, "db")
      .add(Fact::last_output, "db")
      .exited("service", 0);
  trace.parts.trace[1].stream = "stdout";
  trace.parts.trace[1].text = "ready\n";
  trace.parts.trace[2].stream = "stderr";
  trace.parts.trace[2].text = "panic: no disk\n\ngoroutine 1\nexit status 2\n";
  EXPECT_EQ(lacked(trace),
            "db exited 2, while it was needed; its last output: panic: no "
            "disk");
}

TEST(LackedNeed, NeverGotReady) {
  TraceBuilder trace;
  trace.add(Fact::need_unready, "db");
  trace.parts.trace[0].text = "within 10s: it listens on no TCP port";
  EXPECT_EQ(lacked(trace),
            "db did not get ready: within 10s: it listens on no TCP port");
}

}  // namespace
}  // namespace faultrig
