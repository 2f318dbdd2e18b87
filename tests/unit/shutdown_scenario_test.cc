#include "harness/campaign/shutdown_scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/sweep/instants.h"

namespace faultrig {
namespace {

// A signal that stops nothing by the book has a grace only where it is said
// that it is to stop.
TEST(ShutdownScenarios, EndByASignalThatMostServersDoNotEndBy) {
  ShutdownAsk ask;
  ask.asked.command = {"./server"};
  ask.cwd = "/";
  for (const auto& [signal, word] :
       {std::pair("SIGTERM", "- signal: {send: SIGTERM"),
        std::pair("SIGHUP", "- stop: {signal: SIGHUP, grace: 10s")}) {
    ask.asked.signal = signal;
    for (const Instant& instant : lone_instants(true)) {
      auto yaml = instant_yaml(ask, instant);
      ASSERT_TRUE(yaml);
      EXPECT_THAT(*yaml, testing::HasSubstr(word)) << instant.text();
      EXPECT_TRUE(scenario_from(*yaml, "shutdown", "shutdown.yaml")) << *yaml;
    }
  }
}

// Not at each moment can it have taken effect, and what tells the service to
// stop comes first.
TEST(ShutdownScenarios, HaveTheFaultsBesideInEveryRun) {
  ShutdownAsk ask;
  ask.asked.command = {"./server"};
  ask.cwd = "/";
  ask.faults = {"dependency: {to: 5432, does: hang}"};
  std::vector<std::string> all{*recording_yaml(ask), *asking_yaml(ask, "/")};
  for (const Instant& instant : lone_instants(true)) {
    all.push_back(*instant_yaml(ask, instant));
  }
  for (const std::string& yaml : all) {
    auto scenario = scenario_from(yaml, "shutdown", "shutdown.yaml");
    ASSERT_TRUE(scenario) << yaml;
    EXPECT_EQ(scenario->faults.back().injector, "dependency") << yaml;
    EXPECT_TRUE(scenario->faults.back().optional) << yaml;
  }
  ask.faults = {"dependency: {to: 5432,\ndoes: hang}"};
  EXPECT_FALSE(recording_yaml(ask));
}

}  // namespace
}  // namespace faultrig
