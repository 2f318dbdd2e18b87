// What can never come, and what asks nothing, is refused before a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "harness/plan/possible.h"
#include "harness/plan/service_checks.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string troubles_of(const std::string& service, const std::string& load,
                        const std::string& rest) {
  ReadScenario read =
      read_scenario("workload:\n  service: {command: [serve]" + service +
                        "}\n  load: [" + load + "]\n" + rest,
                    {"x", "/x.yaml", false}, full_language());
  std::string out;
  for (const auto& complaint : read.complaints) {
    out += complaint.what + "\n";
  }
  if (!read.scenario) {
    return out;
  }
  std::vector<PlanTrouble> troubles = impossible_in(*read.scenario);
  for (PlanTrouble& trouble : service_troubles(*read.scenario)) {
    troubles.push_back(std::move(trouble));
  }
  for (const PlanTrouble& trouble : troubles) {
    out += std::to_string(trouble.place.line) + " " + trouble.what + "\n";
  }
  return out;
}

std::string faults(const std::string& list) {
  return troubles_of("", "{http: {get: /}, connections: 4}",
                     "faults:\n" + list);
}

std::string expected(const std::string& clause) {
  return troubles_of("", "{http: {get: /}}", "expect:\n- " + clause + "\n");
}

std::string loads(const std::string& list) { return troubles_of("", list, ""); }

TEST(Waiting, OfTwoFaultsForEachOtherIsInVain) {
  EXPECT_THAT(faults("- signal: {send: SIGTERM, name: a, when: {fault: b}}\n"
                     "- signal: {send: SIGTERM, name: b, when: {fault: a}}\n"),
              HasSubstr("5 waits for 'b', which waits for this one"));
  EXPECT_THAT(faults("- signal: {send: SIGTERM, name: a, when: {ready: true}}\n"
                     "- signal: {send: SIGTERM, name: b, when: {fault: a}}\n"),
              IsEmpty());
}

TEST(Waiting, ForMoreInFlightThanThereAreConnectionsIsInVain) {
  EXPECT_THAT(faults("- signal: {send: SIGTERM, when: {in_flight: 5}}\n"),
              HasSubstr("at most 4 requests in flight"));
  EXPECT_THAT(faults("- signal: {send: SIGTERM, when: {in_flight: 4}}\n"),
              IsEmpty());
}

TEST(Waiting, ForAsManyAsThereAreStreamsIsNotInVain) {
  const std::string until =
      "faults:\n- signal: {send: SIGTERM, when: {in_flight: 20}}\n";
  EXPECT_THAT(troubles_of("",
                          "{http: {get: /, version: 2}, connections: 1, "
                          "streams: 20}",
                          until),
              IsEmpty());
  EXPECT_THAT(troubles_of("", "{open: silent, count: 20}", until),
              HasSubstr("at most 0 requests in flight"));
}

TEST(Waiting, ForADrainThatIsLongerThanItMayBeIsInVain) {
  EXPECT_THAT(expected("drain: {at_least: 5s, within: 1s}"),
              HasSubstr("at least 5s is not within 1s"));
  EXPECT_THAT(expected("drain: {at_least: 1s, within: 5s}"), IsEmpty());
}

TEST(Waiting, ForNothingIsRefused) {
  EXPECT_THAT(expected("requests: {sent: before}"),
              HasSubstr("asks nothing of them"));
  EXPECT_THAT(expected("requests: {sent: before, refused: 0}"), IsEmpty());
  EXPECT_THAT(expected("connections: {of: load}"),
              HasSubstr("asks nothing of them"));
}

// RFC 6455, section 7.4.
TEST(Waiting, ForACloseFrameThatCannotComeIsInVain) {
  auto asked = [](const std::string& frame, const std::string& load) {
    return troubles_of("", load,
                       "expect:\n- connections: {websocket: " + frame + "}\n");
  };
  const std::string socket = "{open: websocket, path: /ws}";
  EXPECT_THAT(asked("{close: 1001}", socket), IsEmpty());
  EXPECT_THAT(asked("{close: none}", socket), IsEmpty());
  for (const char* wrong : {"{close: going}", "{close: 99}", "{close: 9999}",
                            "{closed: 1001}", "{}"}) {
    EXPECT_THAT(asked(wrong, socket), HasSubstr("from 1000 to 4999")) << wrong;
  }
  EXPECT_THAT(asked("{close: 1001}", "{http: {get: /}}"),
              HasSubstr("no load opens a WebSocket"));
}

TEST(Loads, AreWithinBounds) {
  EXPECT_THAT(loads("{http: {get: /}, connections: 10001}"),
              HasSubstr("at most 10000"));
  EXPECT_THAT(loads("{open: idle, count: 10001}"), HasSubstr("at most 10000"));
  EXPECT_THAT(loads("{open: idle, count: 10000}"), Not(HasSubstr("10000")));
  EXPECT_THAT(loads("{http: {get: /}, rate: 1000000000/s}"),
              HasSubstr("at most 100000/s"));
  EXPECT_THAT(loads("{http: {get: /, status: 9999}}"),
              HasSubstr("a status of HTTP is 100 to 599"));
  EXPECT_THAT(troubles_of(", grace: 0s", "{http: {get: /}}", ""),
              HasSubstr("longer than 0"));
  EXPECT_THAT(troubles_of(", ready_within: 0s", "{http: {get: /}}", ""),
              HasSubstr("longer than 0"));
}

// What is told of each request goes by the name of its load.
TEST(Loads, HaveNamesOfTheirOwn) {
  EXPECT_THAT(loads("{http: {get: /}, name: a}, {http: {get: /b}, name: a}"),
              HasSubstr("another load has the name 'a'"));
  ReadScenario read = read_scenario(
      "workload:\n  service: {command: [serve]}\n  load: [{http: {get: /}}, "
      "{http: {get: /b}}]\nexpect:\n- service: {graceful: any}\n",
      {"x", "/x.yaml", false}, full_language());
  ASSERT_TRUE(read.scenario);
  EXPECT_EQ(read.scenario->workload.service->load[0].name, "load");
  EXPECT_EQ(read.scenario->workload.service->load[1].name, "load 2");
}

}  // namespace
}  // namespace faultrig
