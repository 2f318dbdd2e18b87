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

}  // namespace
}  // namespace faultrig
