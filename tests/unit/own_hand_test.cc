// By whose hand a service ended that was told to stop and died of that signal.
#include <csignal>
#include <memory>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "harness/judge/service_facts.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using How = ServiceEnd::How;
constexpr int kPid = 42;

Observation of_service(Fact fact, std::int64_t number = 0) {
  Observation seen;
  seen.fact = fact;
  seen.link = "service";
  seen.pid = kPid;
  seen.number = number;
  return seen;
}

Observation sends(const std::string& call, const std::string& what,
                  int pid = kPid) {
  Observation seen = of_service(Fact::call_intercepted);
  seen.call = call;
  seen.text = what;
  seen.pid = pid;
  return seen;
}

TraceBuilder& tell(TraceBuilder& trace) {
  trace.add(of_service(Fact::service_ready, 8080));
  return trace.add(of_service(Fact::signal_sent, SIGTERM));
}

How how(TraceBuilder& trace) {
  trace.add(
      of_service(Fact::process_ended, WaitStatus::of_signal(SIGTERM).raw()));
  return service_end(trace.evidence())->how;
}

// It was told, it sent this signal, and it died.
How how_after(Observation sent) {
  TraceBuilder trace;
  tell(trace).add(std::move(sent));
  return how(trace);
}

TEST(OwnHand, SendsTheSignalToItselfByAnyCall) {
  for (const std::string& call : calls_of_own_hand()) {
    EXPECT_EQ(how_after(sends(call, "SIGTERM to itself")), How::by_own_hand)
        << call;
  }
}

// A child that asks whether its parent lives, a signal to somebody else, and
// another signal to itself say nothing of how it ended.
TEST(OwnHand, IsNotWhateverElseIsSentMeanwhile) {
  const std::vector<std::tuple<std::string, std::string, int>> others{
      {"kill", "SIGTERM to another", kPid},
      {"tgkill", "SIGTERM to another", kPid},
      {"kill", "SIGUSR1 to itself", kPid},
      {"kill", "SIGTERM to itself", kPid + 1},
      {"kill", "", kPid},
      {"write", "SIGTERM to itself", kPid}};
  for (const auto& [call, what, pid] : others) {
    EXPECT_EQ(how_after(sends(call, what, pid)), How::unhandled)
        << call << " " << what << " by " << pid;
  }
}

// So ends what Node.js runs and has no handler: its runtime has one that raises
// the signal again.
TEST(OwnHand, HasNotShutDownWhatStillListens) {
  EXPECT_EQ(how_after(sends("tgkill", "SIGTERM to itself, listening")),
            How::raised);
}

How how_before_it_was_ready(bool listened) {
  TraceBuilder trace;
  if (listened) {
    trace.add(sends("listen", ""));
  }
  trace.add(of_service(Fact::signal_sent, SIGTERM));
  trace.add(sends("kill", "SIGTERM to itself"));
  return how(trace);
}

TEST(OwnHand, HasNotShutDownWhatNeverListened) {
  EXPECT_EQ(how_before_it_was_ready(false), How::raised);
  EXPECT_EQ(how_before_it_was_ready(true), How::by_own_hand);
}

TEST(OwnHand, IsNotThatOfAnotherOfItsProcesses) {
  for (const char* to : {"SIGTERM to process 42", "SIGTERM to group 42",
                         "SIGTERM to itself, group 42"}) {
    EXPECT_EQ(how_after(sends("kill", to, kPid + 1)), How::by_own_process)
        << to;
  }
  for (const char* to : {"SIGTERM to process 421", "SIGINT to process 42"}) {
    EXPECT_EQ(how_after(sends("kill", to, kPid + 1)), How::unhandled) << to;
  }
}

TEST(OwnHand, IsItsOwnWhateverElseIsSent) {
  TraceBuilder trace;
  tell(trace).add(sends("kill", "SIGTERM to process 42", kPid + 1));
  trace.add(sends("kill", "SIGTERM to itself"));
  EXPECT_EQ(how(trace), How::by_own_hand);
}

TEST(OwnHand, IsNotWhatWasSentBeforeItWasTold) {
  TraceBuilder trace;
  trace.add(sends("kill", "SIGTERM to itself"));
  tell(trace);
  EXPECT_EQ(how(trace), How::unhandled);
}

How how_by_tgkill(GoStack stack) {
  Observation raised = sends("tgkill", "SIGTERM to itself");
  raised.stack = std::make_shared<const GoStack>(std::move(stack));
  return how_after(std::move(raised));
}

// Go's runtime dies by tgkill(2) of a signal that nobody handles.
TEST(OwnHand, IsNotThatOfTheRuntimeOfGo) {
  const GoStack dies{
      {{"runtime.raise", "", 1}, {"runtime.dieFromSignal", "", 2}}, ""};
  EXPECT_EQ(how_by_tgkill(dies), How::unhandled);
  EXPECT_EQ(how_by_tgkill({{}, "no stack was read"}), How::unhandled);
}

// So do raise(3), and a Go program that calls tgkill(2) by itself.
TEST(OwnHand, RaisesTheSignal) {
  EXPECT_EQ(how_by_tgkill({}), How::by_own_hand);
  EXPECT_EQ(how_by_tgkill({{{"syscall.RawSyscall", "", 1}}, ""}),
            How::by_own_hand);
}

}  // namespace
}  // namespace faultrig
