// What may keep spans from us: an end, an environment, a fault of the scenario.
#include "harness/run/span_losses.h"

#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/wait_status.h"
#include "harness/inject/registry.h"
#include "harness/model/golden_plan.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kPort = 4318;

Ended exited(int code, bool listened, const std::string& word) {
  Ended ended;
  ended.status = WaitStatus::of_exit(code).raw();
  ended.listened = listened;
  ended.last_word = word;
  return ended;
}

TEST(SpansOfAnEnd, AreLostUnlessItIsInOrder) {
  EXPECT_EQ(why_lost(exited(0, false, "")), "");
  EXPECT_EQ(why_lost(exited(1, true, "FAIL")), "") << "tests failed";
  EXPECT_THAT(why_lost(exited(1, true, "PASS")), HasSubstr("exited 1"))
      << "log.Fatal behind the tests";
  EXPECT_THAT(why_lost(exited(1, true, "")), HasSubstr("exited 1"));
  EXPECT_THAT(why_lost(exited(2, true, "FAIL")), HasSubstr("exited 2"))
      << "a panic";
  EXPECT_THAT(why_lost(exited(3, true, "FAIL")), HasSubstr("exited 3"));
  EXPECT_THAT(why_lost(exited(1, false, "FAIL")), HasSubstr("exited 1"));
  Ended killed;
  killed.status = WaitStatus::of_signal(9).raw();
  EXPECT_THAT(why_lost(killed), HasSubstr("SIGKILL"));
}

TEST(SpansOfAnEnvironment, ComeWhereItNamesUs) {
  EXPECT_EQ(kept_back({}, kPort), "");
  for (const char* ours :
       {"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318/",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces",
        "OTEL_TRACES_EXPORTER=otlp", "OTEL_TRACES_EXPORTER=console, otlp",
        "OTEL_SDK_DISABLED=false", "OTEL_TRACES_SAMPLER=always_on",
        "OTEL_TRACES_SAMPLER=parentbased_always_on", "OTEL_TRACES_SAMPLER="}) {
    EXPECT_EQ(kept_back({ours}, kPort), "") << ours;
  }
  EXPECT_EQ(kept_back({"OTEL_EXPORTER_OTLP_ENDPOINT=http://far:1",
                       "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="
                       "http://127.0.0.1:4318/v1/traces"},
                      kPort),
            "");
}

TEST(SpansOfAnEnvironment, GoElsewhereOrAreNotMade) {
  for (const char* other :
       {"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:43180",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://10.0.0.1:4318",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:1/v1/traces",
        "OTEL_TRACES_EXPORTER=console", "OTEL_TRACES_EXPORTER=otlp2,none",
        "OTEL_SDK_DISABLED=TRUE", "OTEL_TRACES_SAMPLER=traceidratio",
        "OTEL_TRACES_SAMPLER=always_off"}) {
    EXPECT_THAT(kept_back({other}, kPort), Not(IsEmpty())) << other;
  }
}

// A fault of this injector that did something.
struct Deed {
  explicit Deed(const std::string& injector) : name(injector) {
    seen.fact = Fact::fault_activated;
    seen.source = Source::kernel;
    seen.fault = 0;
  }
  Deed& call(const std::string& called) {
    seen.fact = Fact::call_intercepted;
    seen.call = called;
    seen.action = "error";
    return *this;
  }
  // Written so.
  Deed& with(const std::string& key, Value value) {
    FaultSpec spec{0, {}};
    spec.fault.params.set(key, std::move(value));
    auto made = find_injector(name)->make(spec);
    EXPECT_TRUE(made && made.value()->prepare(launch)) << name;
    return *this;
  }
  std::string why() const { return why_eaten(seen, launch, kPort); }

  std::string name;
  Launch launch;
  Observation seen;
};

Launch golden_of(const Launch& launch) {
  Plan plan;
  plan.launch = launch;
  return without_faults(plan).launch;
}

TEST(SpansOfAFault, AreEatenByACallOfTheExporter) {
  Deed to_us = Deed("syscall").call("connect");
  to_us.seen.peers = {"127.0.0.1:4318"};
  EXPECT_THAT(to_us.why(), HasSubstr("connect of the exporter's"));
  to_us.seen.peers = {"127.0.0.1:5432"};
  EXPECT_EQ(to_us.why(), "");
  to_us.seen.peers.reset();
  EXPECT_THAT(to_us.why(), HasSubstr("perhaps"));
  to_us.seen.action = "observe";
  EXPECT_EQ(to_us.why(), "");
  to_us.seen.fault = kNoFault;
  EXPECT_EQ(to_us.why(), "");
}

TEST(SpansOfAFault, AreNotEatenByACallOfAFile) {
  Deed write = Deed("syscall").call("write");
  EXPECT_THAT(write.why(), HasSubstr("perhaps"));
  write.seen.fd = "file";
  EXPECT_EQ(write.why(), "");
  write.seen.fd = "socket";
  EXPECT_THAT(write.why(), HasSubstr("perhaps"));
  write.seen.fd = "";
  write.seen.path = "/tmp/x";
  EXPECT_EQ(write.why(), "");
  EXPECT_EQ(Deed("syscall").call("openat").why(), "");
}

TEST(SpansOfAFault, AreEatenByACallThatTheKernelAnswers) {
  auto why = [](const std::string& call, bool in_kernel) {
    CallRule rule;
    rule.calls = {"fsync", call};
    rule.action = CallAction::error;
    rule.in_kernel = in_kernel;
    Launch launch;
    launch.links[Link::test].rules.push_back(rule);
    std::string told = why_eaten_unseen(launch);
    EXPECT_EQ(why_eaten_unseen(golden_of(launch)), "") << "a golden run";
    return told;
  };
  EXPECT_THAT(why("connect", true), HasSubstr("each connect meets a fault"));
  EXPECT_EQ(why("connect", false), "") << "each is told";
  EXPECT_EQ(why("openat", true), "");
}

TEST(SpansOfAFault, AreEatenByANetworkThatMeetsThem) {
  using Parts = std::map<std::string, std::string>;
  auto dropped = [](const Parts& parts) {
    return Deed("network").with("drop", parts).why();
  };
  EXPECT_THAT(Deed("network").with("loss", 1.0).why(), HasSubstr("packets"));
  EXPECT_EQ(Deed("network").with("none", true).why(), "");
  EXPECT_THAT(dropped({{"port", "4318"}}), HasSubstr("packets"));
  EXPECT_EQ(dropped({{"port", "5432"}}), "");
  EXPECT_EQ(dropped({{"to", "10.0.0.1"}}), "");
  EXPECT_THAT(dropped({{"to", "127.0.0.1"}}), HasSubstr("packets"));
  EXPECT_THAT(dropped({{"to", "0.0.0.0/0"}}), HasSubstr("packets"));
  Deed idle("network");
  idle.seen.fact = Fact::fault_installed;
  EXPECT_EQ(idle.why(), "");
}

TEST(SpansOfAFault, AreNotEatenByASignalThatTheKernelTook) {
  EXPECT_EQ(Deed("signal").why(), "");
}

TEST(SpansOfAFault, AreEatenByALackOfDescriptors) {
  Deed full("fds");
  full.seen.fact = Fact::limit_hit;
  full.seen.call = "socket";
  EXPECT_THAT(full.why(), HasSubstr("descriptor"));
  Deed kill("memory");
  kill.seen.source = Source::cgroup;
  EXPECT_EQ(kill.why(), "") << "whom it killed is told";
}

}  // namespace
}  // namespace faultrig
