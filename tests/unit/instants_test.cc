// Which instants of a service's life are looked at.
#include "harness/sweep/instants.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

TraceBuilder& calls(TraceBuilder& trace,
                    const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    Observation seen;
    seen.fact = Fact::call_intercepted;
    seen.link = "service";
    seen.call = name.substr(0, name.find(' '));
    seen.path =
        name.find(' ') == name.npos ? "" : name.substr(name.find(' ') + 1);
    trace.add(std::move(seen));
  }
  return trace;
}

TraceBuilder& ready(TraceBuilder& trace) {
  Observation seen;
  seen.fact = Fact::service_ready;
  seen.link = "service";
  seen.number = 8080;
  seen.action = "http";
  return trace.add(std::move(seen));
}

TraceBuilder go_server() {
  TraceBuilder trace;
  trace.wait(std::chrono::milliseconds(10));
  trace.add(Fact::process_started, "service", 0, "server");
  calls(trace, {"openat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
                "openat /etc/app.conf", "socket", "bind", "listen", "accept4"});
  return ready(trace);
}

std::vector<std::string> texts(const std::vector<Instant>& line) {
  std::vector<std::string> out;
  for (const Instant& instant : line) {
    out.push_back(std::string(phase_name(instant.phase)) + ": " +
                  instant.text());
  }
  return out;
}

TEST(Instants, TellThePhaseAndTheNumberOfEachCall) {
  Recording recording = recording_of(go_server().evidence());
  EXPECT_EQ(recording.trouble, "");
  EXPECT_THAT(texts(call_instants(recording)),
              ElementsAre("runtime start: openat 1", "before listen: openat 2",
                          "before listen: socket (%network 1)",
                          "before listen: bind (%network 2)",
                          "before listen: listen (%network 3)",
                          "listening: accept4 (%network 4)"));
}

// A folder in memory is nothing that a runtime looks at.
TEST(Instants, OfAProgramInDevShmAreItsOwn) {
  TraceBuilder trace;
  trace.add(Fact::process_started, "service", 0, "server");
  calls(trace, {"openat /dev/null", "openat /dev/shm/x/app.conf", "listen"});
  Recording recording = recording_of(ready(trace).evidence());
  EXPECT_THAT(texts(call_instants(recording)),
              ElementsAre("runtime start: openat 1", "before listen: openat 2",
                          "before listen: listen (%network 1)"));
}

TEST(Instants, CountTimeFromExec) {
  Recording recording = recording_of(go_server().evidence());
  EXPECT_EQ(recording.calls.front().at, std::chrono::milliseconds(1));
  EXPECT_EQ(recording.ready, std::chrono::milliseconds(7));
  EXPECT_EQ(recording.port, 8080);
  EXPECT_EQ(recording.how, "http");
}

TEST(Instants, LeaveOutWhatCameWhenItWasReady) {
  TraceBuilder trace = go_server();
  calls(trace, {"close"});
  EXPECT_THAT(recording_of(trace.evidence()).calls, SizeIs(6));
}

// It is told as a port that nobody asks.
TEST(Instants, KnowAPortThatIsOpenedLater) {
  TraceBuilder trace = go_server();
  calls(trace, {"listen 127.0.0.1:18081"});
  EXPECT_THAT(recording_of(trace.evidence()).shown_by,
              HasSubstr("127.0.0.1:18081"));
}

TEST(Instants, AreUnderLoadWhereAnythingAnswersHttp) {
  auto because = [](const std::string& end, int status) {
    TraceBuilder trace = go_server();
    Observation seen;
    seen.fact = Fact::request;
    seen.action = end;
    seen.number = status;
    trace.add(seen);
    return unasked_because(trace.evidence());
  };
  EXPECT_EQ(because("answered", 200), "");
  EXPECT_EQ(because("wrong", 503), "");
  EXPECT_EQ(because("wrong", 0), "it answers no HTTP (1 wrong)");
  EXPECT_EQ(because("reset", 0), "it answers no HTTP (1 reset)");
  EXPECT_EQ(because("answered", 400), "it answers every request with 400");
  EXPECT_EQ(because("timed out", 0), "it never answered HTTP within 5 s");
  EXPECT_EQ(unasked_because(go_server().evidence()), "it could not be asked");
}

TEST(Instants, LeaveOutTheCallsOfOtherLinks) {
  TraceBuilder trace = go_server();
  trace.parts.trace.front().at = std::chrono::nanoseconds(0);
  trace.call("openat");
  TraceBuilder other;
  other.add(Fact::process_started, "service");
  other.call("openat");
  EXPECT_THAT(recording_of(ready(other).evidence()).calls, SizeIs(0));
}

TEST(Instants, AreNoneOfAServiceThatDiesOfItself) {
  TraceBuilder trace;
  trace.add(Fact::process_started, "service").exited("service", 1);
  EXPECT_THAT(recording_of(trace.evidence()).trouble,
              HasSubstr("ended of its own accord: exited 1"));
  trace.parts.err = "usage\nlisten tcp :80: bind: address already in use\n\n";
  EXPECT_THAT(recording_of(trace.evidence()).trouble,
              HasSubstr("; it said: listen tcp :80: bind: address already"));
}

TEST(Instants, AreNoneOfAServiceThatGoesToTheBackground) {
  TraceBuilder trace;
  trace.add(Fact::process_started, "service").exited("service", 0);
  trace.add(Fact::leftover);
  EXPECT_THAT(recording_of(trace.evidence()).trouble,
              HasSubstr("exited 0; what it started lived on: a service runs in "
                        "the foreground"));
}

TEST(Instants, AreNoneOfAServiceThatIsNeverReady) {
  TraceBuilder trace;
  trace.add(Fact::process_started, "service")
      .add(Fact::service_unready, "service", 0, "nothing listens after 10s");
  EXPECT_THAT(recording_of(trace.evidence()).trouble,
              HasSubstr("nothing listens after 10s"));
}

// It ends when we stop it, which is no trouble.
TEST(Instants, ComeFromAServiceThatWeStopped) {
  TraceBuilder trace = go_server();
  trace.add(Fact::service_stopped, "service", 15).exited("service", 0);
  EXPECT_EQ(recording_of(trace.evidence()).trouble, "");
}

std::vector<Instant> long_line() {
  std::vector<Instant> line(100);
  for (std::size_t i = 0; i < line.size(); ++i) {
    line[i].phase = i < 7    ? Phase::runtime_start
                    : i < 93 ? Phase::before_listen
                             : Phase::listening;
  }
  return line;
}

TEST(Instants, HaveTheBordersOfEveryPhase) {
  EXPECT_THAT(first_look(long_line(), 8),
              IsSupersetOf({0U, 6U, 7U, 92U, 93U, 99U}));
  EXPECT_THAT(first_look(long_line(), 1), ElementsAre(99));
}

TEST(Instants, StandInEvenSteps) {
  std::vector<std::size_t> chosen = first_look(long_line(), 20);
  ASSERT_THAT(chosen, SizeIs(20));
  for (std::size_t i = 1; i < chosen.size(); ++i) {
    EXPECT_LE(chosen[i] - chosen[i - 1], 11U);
  }
}

TEST(Instants, AreAllCallsWhereThereAreFew) {
  EXPECT_THAT(first_look(std::vector<Instant>(3), 20), ElementsAre(0, 1, 2));
  EXPECT_THAT(first_look({}, 20), SizeIs(0));
}

TEST(Instants, AreUnderLoadWhereThereIsSome) {
  std::set<Phase> without;
  for (const Instant& instant : lone_instants(false)) {
    without.insert(instant.phase);
  }
  EXPECT_THAT(without,
              ElementsAre(Phase::exec, Phase::listening, Phase::ready));
  std::set<Phase> with;
  for (const Instant& instant : lone_instants(true)) {
    with.insert(instant.phase);
  }
  EXPECT_THAT(with, IsSupersetOf({Phase::loaded, Phase::draining}));
}

TEST(Instants, AreToldInTheirWords) {
  std::vector<std::string> all = texts(lone_instants(true));
  EXPECT_THAT(all, Contains("exec: exec"));
  EXPECT_THAT(all, Contains("listening: after listen(2)"));
  EXPECT_THAT(all, Contains("ready: ready + 50ms"));
  EXPECT_THAT(all, Contains("draining: ready + 200ms, again at once"));
  EXPECT_THAT(all, Contains("draining: ready + 200ms, again 5ms later"));
}

// What lies in a folder of its own no other run meets.
TEST(Recordings, TellWhatWasLeftOutside) {
  TraceBuilder trace = go_server();
  for (const char* path : {"/run/x.sock", "x.sock", "$TMPDIR/x.sock"}) {
    Observation left;
    left.fact = Fact::files_seen;
    left.action = kFileLeft;
    left.text = "socket";
    left.path = path;
    trace.add(std::move(left));
  }
  EXPECT_THAT(recording_of(trace.evidence()).left,
              ElementsAre("socket /run/x.sock"));
}

}  // namespace
}  // namespace faultrig
