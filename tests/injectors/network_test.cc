// A network of a link's own: nothing is there, or packets do not arrive, and
// the kernel's counters tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/golden_plan.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string dials(const std::string& more, const std::string& fault) {
  return "workload:\n"
         "  go_test: {dir: ../../go_fixtures, packages: ./dials, mode: "
         "binary}\n"
         "  env: {FIXTURE_TOLERATE: '1'" +
         more + "}\nfaults:\n  - network: " + fault + "\n";
}

const std::string kAnyEnd = "expect:\n  - test: {exited: 0}\n";

const std::string kAsks =
    "workload:\n"
    "  go_test: {dir: ../../go_fixtures, packages: ./asks_again, mode: "
    "binary}\n";

TEST(Network, IsTakenOneWayAtATime) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints(dials("", fault) + kAnyEnd);
  };
  EXPECT_THAT(complaints("{none: true, loss: 5%}"), HasSubstr("none, drop"));
  EXPECT_THAT(complaints("{none: false}"),
              HasSubstr("none: false is no fault"));
  EXPECT_THAT(complaints("{none: true, when: {after: 1s}}"),
              HasSubstr("none is so from the start on"));
  EXPECT_THAT(complaints("{none: true, until: {after: 1s}}"),
              HasSubstr("takes no until"));
  EXPECT_THAT(complaints("{loss: 0%}"), HasSubstr("loss of nothing"));
  EXPECT_THAT(complaints("{drop: {}}"), HasSubstr("at least one"));
  EXPECT_THAT(complaints("{drop: 5432}"), HasSubstr("{port: 5432}"));
  EXPECT_THAT(complaints("{drop: {port: 65536}}"),
              HasSubstr("no port above 65535"));
  for (const char* to : {"db.example.org", "10.0.0.0/33", "10.0.0.0/",
                         "10.0.0.0/-1", "::1/129", "10.0.0.0/8x", ""}) {
    EXPECT_THAT(complaints("{reject: {to: '" + std::string(to) + "'}}"),
                HasSubstr("is no address"))
        << to;
  }
}

TEST(Network, OfALinkTakesManyRulesOrNothingIsThere) {
  Plan plan =
      Rig::plan(dials("", "{name: a, drop: {port: 1, to: 10.0.0.0/8}}") +
                "  - network: {name: b, loss: 5%, when: {after: 1s}}\n" +
                "expect:\n  - took_effect: a\n");
  const auto& network = plan.launch.links.at(Link::test).network;
  ASSERT_TRUE(network);
  ASSERT_EQ(network->packets.size(), 2U);
  EXPECT_EQ(network->packets[0].host, std::string("\n\0\0\0", 4));
  EXPECT_EQ(network->packets[0].bits, 8);
  EXPECT_EQ(network->packets[0].port, 1);
  EXPECT_TRUE(network->packets[0].from_start);
  EXPECT_DOUBLE_EQ(network->packets[1].share, 0.05);
  EXPECT_FALSE(network->packets[1].from_start);
  EXPECT_THAT(plan.launch.needs, Contains(kNeedsPackets));
  EXPECT_THAT(Rig::complaints(dials("", "{name: a, none: true}") +
                              "  - network: {name: b, loss: 5%}\n"
                              "expect:\n  - took_effect: a\n"),
              HasSubstr("there is no packet to be lost"));
}

TEST(Network, OfTheGoldenRunIsTheSameWithoutRules) {
  Plan plan = Rig::plan(dials("", "{drop: {port: 1}}") + kAnyEnd);
  const auto golden = without_faults(plan).launch.links.at(Link::test).network;
  ASSERT_TRUE(golden);
  EXPECT_TRUE(golden->packets.empty());
  Plan cut_off = Rig::plan(dials("", "{none: true}") + kAnyEnd);
  EXPECT_FALSE(without_faults(cut_off).launch.links.at(Link::test).network);
  EXPECT_NE(golden_key(plan), golden_key(cut_off));
}

TEST(Network, OfAServiceIsAsItsFaultWantsIt) {
  auto complaints = [](const std::string& network, const std::string& fault) {
    return Rig::complaints(
        "workload:\n  service:\n    command: [sleep, inf]\n" + network +
        "faults:\n  - network: " + fault +
        "\nexpect:\n  - took_effect: network\n");
  };
  const std::string shared = "    network: shared\n";
  EXPECT_THAT(complaints(shared, "{drop: {port: 1}}"),
              HasSubstr("network: shared` has none"));
  EXPECT_THAT(complaints("", "{none: true}"),
              HasSubstr("reaches nothing but what it needs as it is"));
  Plan plan = Rig::plan(
      "workload:\n  service:\n    command: [sleep, inf]\n"
      "faults:\n  - network: {loss: 5%}\nexpect:\n  - took_effect: network\n");
  EXPECT_THAT(plan.launch.needs, Contains("CAP_SYS_ADMIN"));
}

TEST(Network, WithoutAWayOutIsCountedByTheKernel) {
  const std::string yaml =
      dials("", "{none: true}") +
      "expect:\n  - output: {contains: ENETUNREACH}\n"
      "  - took_effect: {fault: network, times: {at_least: 1}}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto proof = ran.evidence->first(Fact::fault_activated);
  ASSERT_TRUE(proof);
  EXPECT_EQ(ran.evidence->trace()[*proof].source, Source::kernel);
  EXPECT_THAT(ran.evidence->trace()[*proof].text,
              HasSubstr("no way out for 1: OutNoRoutes"));
}

TEST(Network, ThatNobodyUsesProvesNothing) {
  for (const char* fault :
       {"{none: true}", "{drop: {port: 9}}", "{reject: {to: 192.0.2.7}}",
        "{drop: {to: '::1'}}", "{reject: {port: 5432, to: 192.0.3.0/24}}"}) {
    const std::string yaml =
        dials(", FIXTURE_ADDRESS: '127.0.0.1:5432'", fault) + kAnyEnd;
    SCOPED_TRACE(fault);
    expect_inconclusive(yaml, "never took effect");
  }
}

TEST(Network, DropsWhatGoesToAPortOrAnAddressAndSaysNothing) {
  for (const char* fault : {"{drop: {port: 5432}}", "{drop: {to: 192.0.2.1}}",
                            "{drop: {to: 192.0.0.0/16, port: 5432}}",
                            "{drop: {to: 0.0.0.0/0}}", "{loss: 100%}"}) {
    const std::string yaml =
        dials(", FIXTURE_WAIT: 100ms", fault) +
        "expect:\n  - output: {contains: 'dial failed: i/o timeout'}\n";
    SCOPED_TRACE(fault);
    expect_pass(yaml);
  }
}

// Where both ends have the same address, the answer comes to that one, too.
TEST(Network, RefusesByARuleAsWhereNobodyListens) {
  expect_pass(kAsks +
              "faults:\n  - network: {reject: {to: 127.0.0.1}}\n"
              "expect:\n  - test: {exited: 1}\n"
              "  - output: {contains: 'try 5: ECONNREFUSED'}\n");
}

TEST(Network, IsWholeAgainBehindTheRelease) {
  expect_pass(kAsks +
              "faults:\n  - network: {drop: {to: 127.0.0.0/8}, until: "
              "{effects: 1}}\n"
              "expect:\n  - test: {exited: 0}\n"
              "  - recovered: {after: network, output: '^answered'}\n");
}

// Nobody is there: each try is refused, and of two only the second by the rule.
// The trigger is a file that bash has no reason to read: where SHELL is not
// set, it looks for it in /etc/passwd before it does anything.
TEST(Network, HasARuleFromItsTriggerOn) {
  const std::string yaml =
      "workload:\n  command:\n    - env\n    - -u\n    - SHELL\n    - bash\n"
      "    - -c\n    - 'for i in 1 2; do (exec 3<>/dev/tcp/192.0.2.1/9) 2>&1; "
      "read _ < $0; done; true'\n"
      "    - /proc/version\n"
      "faults:\n  - network: {reject: {port: 9}, when: {call: openat, path: "
      "/proc/version}}\n"
      "expect:\n  - output: {contains: refused}\n";
  expect_proof(yaml, "1 packet was rejected");
}

}  // namespace
}  // namespace faultrig
