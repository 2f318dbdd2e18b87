// What runs a shutdown map is made of, with made-up services.
#include "harness/campaign/shutdown_source.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/plan/planner.h"
#include "harness/report/shutdown_report.h"
#include "tests/unit/shutdown_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using End = StopOutcome::End;

TEST_F(Shutdowns, AskForNothingBeforeTheRecordingIsIn) {
  ShutdownSource source(ask, sink);
  EXPECT_EQ(source.left(), 1U);
  auto recording = source.next();
  ASSERT_TRUE(recording);
  EXPECT_EQ(source.next(), std::nullopt);
  source.learned(*recording, recording_line(start()));
  EXPECT_TRUE(source.next());
}

TEST_F(Shutdowns, FindTheCallThatBoundsTheWindow) {
  ShutdownSource source(ask, sink);
  done(source, late_handler, start());
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean) << map.because;
  std::vector<std::string> dead;
  for (const MapWindow& window : map.windows) {
    if (window.outcome == "killed unhandled") {
      dead.push_back(window.to.text());
    }
  }
  EXPECT_THAT(dead, ElementsAre("exec", "listen (%network 3)"));
}

TEST_F(Shutdowns, TellWhenEachInstantComes) {
  ShutdownSource source(ask, sink);
  Recording recording = start();
  recording.ready = std::chrono::milliseconds(7);
  done(source, late_handler, recording);
  std::map<std::string, std::chrono::nanoseconds> times;
  for (const MapPoint& point : source.map(false).points) {
    times[point.instant.text()] = point.instant.at;
  }
  using std::chrono::milliseconds;
  EXPECT_EQ(times["exec"], milliseconds(0));
  EXPECT_EQ(times["after listen(2)"], milliseconds(3));
  EXPECT_EQ(times["ready + 50ms"], milliseconds(57));
  EXPECT_EQ(times["ready + 200ms, again 5ms later"], milliseconds(212));
}

TEST_F(Shutdowns, TryEachInstantAsOftenAsTheyMust) {
  ShutdownSource source(ask, sink);
  done(source, late_handler, start());
  for (const MapPoint& point : source.map(false).points) {
    EXPECT_EQ(point.tries.size(), 3U) << point.instant.text();
  }
}

TEST_F(Shutdowns, TryMoreOftenBeforeTheyAgreeWhereManyTriesAreAllowed) {
  ask.asked.times = 20;
  ShutdownSource source(ask, sink);
  done(source, late_handler, start());
  EXPECT_EQ(source.map(false).points[0].tries.size(), 12U);
}

TEST_F(Shutdowns, AskForNothingOfAServiceThatAnswersNoHttp) {
  ShutdownSource source(ask, sink);
  std::vector<std::string> runs = done(source, late_handler, start("tcp"));
  EXPECT_THAT(runs[1], HasSubstr("- http"));  // whether it answers at all
  runs.erase(runs.begin(), runs.begin() + 2);
  EXPECT_THAT(runs, Not(Contains(HasSubstr("- http"))));
  EXPECT_THAT(
      source.map(false).remarks,
      Contains(HasSubstr("no request was asked: it never answered HTTP")));
  ask.url = "/slow";
  ShutdownSource told(ask, sink);
  EXPECT_THAT(done(told, late_handler, start("tcp")),
              Contains(HasSubstr("- http: {get: \"/slow\"}")));
}

// A lock that is kept, with a pid in it.
TEST_F(Shutdowns, FindNoFilesThatAreMeantToStay) {
  auto leaves = [](const std::string&) {
    StopOutcome out{End::exited, 0};
    out.left_files = {"pid file run/state", "socket x.sock"};
    return out;
  };
  ask.leaves = {"run/*"};
  ShutdownSource source(ask, sink);
  done(source, leaves, start());
  EXPECT_THAT(
      source.map(false).because,
      AllOf(HasSubstr("left behind: socket x.sock"), Not(HasSubstr("state"))));
  ask.leaves.emplace_back("*.sock");
  ShutdownSource none(ask, sink);
  done(none, leaves, start());
  EXPECT_EQ(none.map(false).verdict, ShutdownMap::Verdict::clean);
}

// An ordinary user has nothing to freeze it with.
TEST_F(Shutdowns, SayThatNobodySawWhereRequestsWere) {
  ShutdownSource source(ask, sink);
  done(
      source,
      [](const std::string& yaml) {
        StopOutcome out{End::exited, 0};
        bool loaded = yaml.find("- http") != std::string::npos;
        out.requests.asked_before = loaded ? 10 : 0;
        out.requests.unknown = loaded ? 1 : 0;
        return out;
      },
      start());
  std::vector<std::string> remarks = source.map(false).remarks;
  EXPECT_THAT(
      remarks,
      Contains(HasSubstr("requests were when it was told is not known")));
  EXPECT_THAT(remarks, Not(Contains(HasSubstr("no request was in flight"))));
}

// Ready by a line, a file or a connection, or slow to answer: what then answers
// is loaded all the same.
TEST_F(Shutdowns, AskWhateverAnswersHoweverItWasReady) {
  unasked = [](const std::string&) { return ""; };
  for (const char* how : {"", "tcp", "output", "file"}) {
    ShutdownSource source(ask, sink);
    std::vector<std::string> runs = done(source, late_handler, start(how));
    EXPECT_GT(std::count_if(runs.begin(), runs.end(),
                            [](const std::string& yaml) {
                              return yaml.find("- http: {get: \"/\"}") !=
                                     yaml.npos;
                            }),
              3);
    EXPECT_THAT(source.map(false).remarks, IsEmpty());
  }
}

// It says 400 to whoever asks in the clear.
TEST_F(Shutdowns, AskOverTlsWhereThatIsAnswered) {
  unasked = [](const std::string& yaml) {
    return yaml.find("https:///") != yaml.npos
               ? ""
               : "it answers every request with 400";
  };
  for (const char* how : {"tls", "tcp"}) {
    ShutdownSource source(ask, sink);
    done(source, late_handler, start(how));
    EXPECT_EQ(source.asked().url, "https:///");
    EXPECT_THAT(source.map(false).remarks, IsEmpty());
  }
}

// A path says nothing of how it is asked for.
TEST_F(Shutdowns, AskOverTlsForAPathToo) {
  ask.url = "/slow";
  ShutdownSource source(ask, sink);
  done(source, late_handler, start("tls"));
  EXPECT_EQ(source.asked().url, "https:///slow");
}

TEST_F(Shutdowns, SayThatNothingIsAskedOfWhatListensNowhere) {
  Recording file = start("file");
  file.port = 0;
  ShutdownSource source(ask, sink);
  done(source, late_handler, file);
  EXPECT_THAT(source.map(false).remarks,
              ElementsAre("no request was asked: it listens on no TCP port"));
}

// A stop that is allowed, and another code than when idle: the file has to fail
// today.
TEST_F(Shutdowns, WriteTheCodeOfTheIdleStopWhereAnotherIsTheFinding) {
  ask.asked.graceful = Graceful::any;
  ShutdownSource source(ask, sink);
  done(
      source,
      [](const std::string& yaml) {
        bool loaded = yaml.find("- http") != std::string::npos;
        return StopOutcome{End::exited, loaded ? 143 : 0};
      },
      start());
  ShutdownMap map = source.map(false);
  ASSERT_EQ(map.findings.size(), 1U);
  EXPECT_THAT(*finding_yaml(ask, map, map.findings[0]),
              HasSubstr("- service: {exited: 0}"));
}

TEST_F(Shutdowns, CannotTellOfAServiceThatIsNeverReady) {
  ShutdownSource source(ask, sink);
  Recording recording;
  recording.trouble = "the service did not get ready";
  recording.unready = true;
  EXPECT_EQ(done(source, late_handler, recording).size(), 1U);
  ShutdownMap map = source.map(false);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::could_not_tell);
  EXPECT_EQ(map.because, "the service did not get ready");
}

TEST_F(Shutdowns, SayWhatWasNotRun) {
  ShutdownSource source(ask, sink);
  EXPECT_EQ(source.map(true).golden.trouble,
            "interrupted while a start and a stop were recorded");
  source.learned(*source.next(), recording_line(start()));
  source.learned(*source.next(), stop_outcome_line({End::exited, 0}));
  source.next();
  ShutdownMap map = source.map(true);
  EXPECT_THAT(map.interrupted, HasSubstr("interrupted: 1 runs were made"));
  EXPECT_EQ(map.points.size(), 1U);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::could_not_tell);
}

TEST_F(Shutdowns, AreUnknownWhereAWorkerDied) {
  ShutdownSource source(ask, sink);
  source.learned(*source.next(), recording_line(start()));
  source.learned(*source.next(), internal_error("a worker ended early"));
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].end, End::unknown);
  EXPECT_EQ(sink.results[0].why, "a worker ended early");
}

TEST_F(Shutdowns, WaitForWhatAlwaysHangsNoOftenerThanTheyMust) {
  ShutdownSource source(ask, sink);
  std::vector<std::string> runs = done(
      source, [](const std::string&) { return StopOutcome{End::hung}; },
      start());
  EXPECT_LT(runs.size(), 3 * source.map(false).points.size());
}

TEST_F(Shutdowns, LookAtOneInstantOfAKindWhereStepsAreFew) {
  ask.steps = 8;
  ShutdownSource source(ask, sink);
  done(source, late_handler, start());
  EXPECT_LE(source.map(false).points.size(), 10U);
}

TEST_F(Shutdowns, LookAtNoMoreInstantsThanTheyWereTold) {
  ask.steps = 3;
  ShutdownSource source(ask, sink);
  done(
      source,
      [](const std::string&) {
        return StopOutcome{End::exited, 0};
      },
      start());
  EXPECT_EQ(source.map(false).points.size(), 3U);
}

TEST_F(Shutdowns, GiveARunAgainThatWasTakenBack) {
  ShutdownSource source(ask, sink);
  Task recording = *source.next();
  source.take_back(recording);
  recording = *source.next();
  source.learned(recording, recording_line(start()));
  Task first = *source.next();
  source.take_back(first);
  EXPECT_EQ(source.next()->order, first.order);
}

// What is run, and what --write writes, is a scenario.
TEST_F(Shutdowns, AreScenariosThatCanBePlanned) {
  ask.url = "/slow";
  for (const char* ready : {"", "http:/healthz", "tcp:8080",
                            "output:^\"ready\"", "listening", "file:*.pid"}) {
    ask.ready = ready;
    ShutdownSource source(ask, sink);
    for (const std::string& yaml : done(source, late_handler, start())) {
      auto scenario = scenario_from(yaml, "shutdown", "shutdown.yaml");
      ASSERT_TRUE(scenario) << scenario.error().what << yaml;
      EXPECT_EQ(scenario->workload.command, ask.asked.command);
      Planned planned = make_plan(*scenario, 1);
      EXPECT_TRUE(planned.plan) << planned.troubles[0].what << yaml;
    }
  }
}

TEST_F(Shutdowns, WriteAScenarioForEachFinding) {
  ShutdownSource source(ask, sink);
  done(
      source,
      [](const std::string& yaml) {
        StopOutcome out{End::exited, 1};
        bool loaded = yaml.find("- http") != std::string::npos;
        out.requests.lost = loaded ? 1 : 0;
        out.left = {loaded ? "sh" : ""};
        out.left.resize(loaded ? 1 : 0);
        return out;
      },
      start());
  ShutdownMap map = source.map(false);
  ASSERT_EQ(map.findings.size(), 4U);
  for (std::size_t i = 0; i < map.findings.size(); ++i) {
    auto yaml = finding_yaml(ask, map, map.findings[i]);
    ASSERT_TRUE(yaml);
    auto scenario = scenario_from(*yaml, "finding", "finding.yaml");
    ASSERT_TRUE(scenario) << scenario.error().what << *yaml;
    EXPECT_TRUE(make_plan(*scenario, 1).plan);
    EXPECT_EQ(scenario->expect.size(), 1U);
  }
  EXPECT_EQ(finding_name(map, 0), "1-ready-idle-stop");
}

TEST_F(Shutdowns, RefuseWhatYamlCannotSay) {
  ask.asked.command = {"./server", "\xff"};
  ShutdownSource source(ask, sink);
  EXPECT_EQ(source.next(), std::nullopt);
  ASSERT_TRUE(source.cannot());
  EXPECT_THAT(source.cannot()->what, HasSubstr("no UTF-8"));
}

TEST_F(Shutdowns, RefuseAPathThatIsNone) {
  ask.url = "slow";
  ShutdownSource source(ask, sink);
  EXPECT_EQ(source.next(), std::nullopt);
  ASSERT_TRUE(source.cannot());
  EXPECT_EQ(source.cannot()->kind, ErrorKind::usage);
  EXPECT_THAT(source.cannot()->what,
              AllOf(HasSubstr("expected a path such as /healthz"),
                    Not(HasSubstr("yaml"))));
}

TEST_F(Shutdowns, KnowTheWordsForBeingReady) {
  for (const char* good :
       {"http:/healthz", "tcp:80", "output:x", "listening", "file:a"}) {
    EXPECT_THAT(wrong_with_ready(good), IsEmpty()) << good;
  }
  for (const char* bad : {"", "http", "http:", "udp:80", "listening:80"}) {
    EXPECT_THAT(wrong_with_ready(bad), HasSubstr("expected http:PATH")) << bad;
  }
}

TEST(StopLines, SayTheSameWhenTheyAreReadBack) {
  StopOutcome out{End::killed, 11};
  out.requests.lost = 3;
  out.left = {"sh\n"};
  out.took = std::chrono::milliseconds(7);
  out.why = "because";
  out.without = {"db"};
  StopOutcome back = *parse_stop_outcome_line(stop_outcome_line(out));
  EXPECT_EQ(back.text(), out.text());
  EXPECT_EQ(back.requests.lost, 3U);
  EXPECT_EQ(back.left, out.left);
  EXPECT_EQ(back.took, out.took);
  EXPECT_EQ(back.why, out.why);
  EXPECT_EQ(back.without, out.without);
  EXPECT_FALSE(parse_stop_outcome_line("{}"));
  EXPECT_FALSE(parse_recording_line("no"));
}

}  // namespace
}  // namespace faultrig
