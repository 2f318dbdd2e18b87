// Names that do not resolve: each answer against Go's own resolver, which asks
// one that is well; what other programs do is asked of perl.
#include <unistd.h>

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/dns_perl.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/line_client.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kOnce = "FIXTURE_TRIES: '1'";

std::string looks_up(const std::string& env, const std::string& faults,
                     const std::string& expect) {
  return "workload:\n  go_test: {dir: " + source_dir() +
         "/go_fixtures, packages: ./looks_up, mode: binary}\n  env: {" + env +
         "}\nfaults:\n" + faults + "expect:\n" + expect;
}

std::string broken(const std::string& how, const std::string& expect) {
  return looks_up(kOnce, "  - dns: {server: '127.0.0.1:*', " + how + "}\n",
                  expect);
}

std::string says(const std::string& text) {
  return "  - output: {contains: 'try 1: " + text + "'}\n";
}

TEST(Dns, KnowsNoSuchName) {
  expect_only_by_the_fault(
      broken("answer: nxdomain", says("no such host, not found") +
                                     "  - took_effect: {fault: dns, times: 1}"
                                     "\n"));
}

TEST(Dns, HasNothingOfThatType) {
  expect_only_by_the_fault(
      broken("answer: empty", says("no such host, not found")));
}

TEST(Dns, Fails) {
  expect_only_by_the_fault(
      broken("answer: servfail", says("server misbehaving")));
}

TEST(Dns, Refuses) {
  expect_only_by_the_fault(
      broken("answer: refused", says("server misbehaving")));
}

TEST(Dns, BreaksOff) {
  expect_only_by_the_fault(
      broken("answer: garbled",
             says("cannot unmarshal DNS message") + "  - took_effect: dns\n"));
}

TEST(Dns, DoesNotAnswer) {
  expect_only_by_the_fault(
      broken("answer: none", "  - output: {matches: 'try 1: .*, timeout'}\n"));
}

TEST(Dns, AnswersWithAnAddress) {
  expect_only_by_the_fault(
      broken("address: 192.0.2.99", says("db.example.org is 192.0.2.99")));
}

TEST(Dns, HasNoneOfTheOtherFamilyThen) {
  expect_only_by_the_fault(
      looks_up("FIXTURE_FAMILY: ip",
               "  - dns: {server: '127.0.0.1:*', address: '2001:db8::99'}\n",
               "  - output: {matches: 'is 2001:db8::99$'}\n"
               "  - took_effect: {fault: dns, times: 2}\n"));
}

TEST(Dns, IsLate) {
  std::string late = "  - took_effect: {fault: dns, times: 1}\n";
  expect_pass(
      broken("delay: 100ms", says("db.example.org is 192.0.2.10") + late));
  expect_only_by_the_fault(
      broken("delay: 5s", "  - output: {matches: 'try 1: .*, timeout'}\n"));
}

TEST(Dns, IsAskedOverTcpForWhatWasTruncated) {
  expect_only_by_the_fault(looks_up(kOnce, R"(
  - dns: {name: '*.org', server: '127.0.0.1:*', answer: truncated}
  - dns: {name: tcp, host: '*.org', server: '127.0.0.1:*', answer: nxdomain}
)",
                                    says("no such host, not found") + R"(
  - took_effect: {fault: '*.org', times: 1}
  - took_effect: {fault: tcp, times: 1}
)"));
}

TEST(Dns, IsLedOnWhereNoFaultIsActive) {
  std::string yaml = looks_up(
      "FIXTURE_NAME: big.example.org, FIXTURE_FAMILY: ip",
      "  - dns: {server: '127.0.0.1:*', answer: none, optional: true,\n"
      "          when: {output: never}}\n",
      says("big.example.org is 192.0.2.10 2001:db8::a"));
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_THAT(ran.evidence->out(),
              HasSubstr("try 1: big.example.org is 192.0.2.10 2001:db8::a"));
  EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 0U);
}

TEST(Dns, LeavesOtherNamesAlone) {
  std::string yaml = broken("name: '*.example.net', answer: none",
                            says("db.example.org is 192.0.2.10"));
  expect_inconclusive(yaml, "what was asked for was db.example.org A");
}

TEST(Dns, LeavesOtherResolversAlone) {
  std::string yaml =
      looks_up(kOnce, "  - dns: {server: '127.0.0.2:*', answer: none}\n",
               says("db.example.org is 192.0.2.10"));
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Dns, MindsNoCapitals) {
  expect_only_by_the_fault(broken("host: DB.Example.ORG, answer: nxdomain",
                                  says("no such host, not found")));
}

TEST(Dns, IsWellAgainAfterSoManyEffects) {
  expect_pass(looks_up("FIXTURE_TRIES: '5'", R"(
  - dns: {server: '127.0.0.1:*', answer: nxdomain, until: {effects: 2}}
)",
                       R"(
  - output: {contains: 'try 2: no such host'}
  - output: {contains: 'try 3: db.example.org is 192.0.2.10'}
  - took_effect: {fault: dns, times: 2}
  - recovered: {after: dns, within: 30s, output: 'try 3:'}
)"));
}

TEST(Dns, IsAskedOverIpv6) {
  if (access("/proc/net/if_inet6", R_OK) != 0) {
    GTEST_SKIP() << "needs IPv6";
  }
  expect_only_by_the_fault(
      looks_up("FIXTURE_RESOLVER: '::1', FIXTURE_NAME: big.example.org, " +
                   std::string(kOnce),
               "  - dns: {server: '[::1]:*', type: A, answer: nxdomain}\n",
               says("no such host, not found") +
                   "  - took_effect: {fault: dns, times: 1}\n"));
}

// getaddrinfo(3) sends both questions on one socket.
TEST(Dns, IsAskedByTheCLibrary) {
  std::string yaml = "workload:\n  go_test: {dir: " + source_dir() +
                     "/cgo_fixtures, packages: ./c_looks_up, mode: binary}\n"
                     "  env: {FIXTURE_FAMILY: '0'}\n"
                     "faults:\n  - dns: {server: '127.0.0.1:*', answer: "
                     "nxdomain}\nexpect:\n"
                     "  - output: {contains: 'Name or service not known'}\n"
                     "  - took_effect: {fault: dns, times: 2}\n";
  expect_only_by_the_fault(yaml);
}

TEST(Dns, AnswersWhereNoResolverIs) {
  expect_only_by_the_fault(perl(R"(
      close($free);
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
      print hear(5), "\n";
)",
                                "answer: servfail",
                                "  - output: {contains: code 2}\n"));
}

// The kernel says so, as it does without us.
TEST(Dns, LeavesARefusalToTheKernel) {
  std::string yaml = perl(R"(
      close($free);
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
      print hear(5), "\n";
)",
                          "name: b.test, answer: servfail, optional: true",
                          "  - output: {contains: error Connection refused}\n");
  expect_pass(yaml);
}

// Who sees whom an answer comes from would see us.
TEST(Dns, IsInDoubtWhereAQuestionIsSentWithoutConnect) {
  const std::string deeds = R"(
      send($s, $query, 0, at("127.0.0.1", $port));
      print "sent\n";
)";
  const std::string expect = "  - output: {contains: sent}\n";
  auto asked_for = [&](const std::string& name) {
    return perl(deeds, "name: " + name + ", answer: none, optional: true",
                expect);
  };
  expect_inconclusive(asked_for("a.test"), "without connect(2)");
  expect_pass(asked_for("b.test"));
}

bool can_unshare(const char* what) {
  std::string command = "unshare -r" + std::string(what) + " true 2>/dev/null";
  return std::system(command.c_str()) == 0;
}

// As Go's resolver does to sort what it has found.
TEST(Dns, LeavesWhatCannotBeReachedSo) {
  if (!can_unshare("n")) {
    GTEST_SKIP() << "needs a user namespace";
  }
  std::string yaml = R"(
workload:
  command:
    - unshare
    - -rn
    - perl
    - -MSocket
    - -e
    - |
      socket(my $s, PF_INET, SOCK_DGRAM, 0);
      my $there = pack_sockaddr_in(53, inet_aton("192.0.2.1"));
      print connect($s, $there) ? "well" : "error $!", "\n";
faults:
  - dns: {answer: nxdomain, optional: true}
expect:
  - output: {contains: error Network is unreachable}
)";
  expect_pass(yaml);
}

// What listens for its questions is in its network, not in ours.
TEST(Dns, AnswersInANetworkOfItsOwn) {
  if (!can_unshare("n") || access("/usr/sbin/ip", X_OK) != 0) {
    GTEST_SKIP() << "needs a user namespace, and ip(8)";
  }
  std::string inner =
      perl(R"(
      system("/usr/sbin/ip link set lo up");
      connect($s, at("127.0.0.1", 53)); send($s, $query, 0);
      print hear(5), "\n";
)",
           "answer: refused", "  - output: {contains: code 5}\n");
  inner.replace(inner.find("- perl"), 6, "- unshare\n    - -rn\n    - perl");
  expect_only_by_the_fault(inner);
}

// Who cannot ask systemd-resolved by its socket asks a resolver.
TEST(Dns, ShutsTheDoorThatLeadsPastIt) {
  if (!can_unshare("m")) {
    GTEST_SKIP() << "needs a user namespace";
  }
  std::string yaml = R"(
workload:
  command:
    - unshare
    - -rm
    - sh
    - -c
    - |
      mount -t tmpfs none /run && mkdir -p /run/systemd/resolve
      perl -MSocket -e '
        my $at = pack_sockaddr_un("/run/systemd/resolve/io.systemd.Resolve");
        socket(my $c, PF_UNIX, SOCK_STREAM, 0);
        print connect($c, $at) ? "" : "before: $!\n";
        socket(my $l, PF_UNIX, SOCK_STREAM, 0);
        bind($l, $at); listen($l, 1);
        print connect($c, $at) ? "well" : "then: $!", "\n"'
faults:
  - dns: {answer: nxdomain, optional: true}
expect:
  - output: {contains: 'before: No such file or directory'}
  - output: {contains: 'then: Connection refused'}
)";
  expect_only_by_the_fault(yaml);
}

// As the kernel writes it.
TEST(Dns, KnowsAnAddressHoweverItIsWritten) {
  for (const char* server :
       {"[0:0::1]:53", "[::1]:53", "[0:0:0:0:0:0:0:1]:53"}) {
    Launch launch;
    FaultSpec spec;
    spec.id = 0;
    spec.fault.injector = spec.fault.name = "dns";
    spec.fault.at = Link::command;
    spec.fault.params.set("answer", std::string("refused"));
    spec.fault.params.set("server", std::string(server));
    ASSERT_TRUE(find_injector("dns")->make(spec).value()->prepare(launch));
    EXPECT_THAT(launch.links.at(Link::command).names[0].peers,
                ElementsAre("[::1]:53"));
  }
}

TEST(Dns, ShowsItsStartWhatItTakes) {
  Launch launch;
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "dns";
  spec.fault.at = Link::command;
  spec.fault.params.set("answer", std::string("refused"));
  ASSERT_TRUE(find_injector("dns")->make(spec).value()->prepare(launch));
  const LinkSetup& setup = launch.links.at(Link::command);
  ASSERT_EQ(setup.names.size(), 1U);
  EXPECT_EQ(setup.names[0].answer, DnsAnswer::refused);
  EXPECT_THAT(setup.names[0].peers, ElementsAre("*.*:53", "[*]:53"));
  std::vector<std::string> peers;
  for (const CallRule& rule : setup.rules) {
    EXPECT_EQ(rule.action, CallAction::redirect);
    peers.push_back(rule.calls.front() + " " + rule.peer);
  }
  EXPECT_THAT(peers, Contains("connect *.*:53"));
  EXPECT_THAT(peers, Contains("sendto [*]:53"));
  EXPECT_THAT(peers,
              Contains("connect /run/systemd/resolve/io.systemd.Resolve"));
}

TEST(Dns, SaysWhatItTakes) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints("workload: {command: [true]}\nfaults:\n  - dns: {" +
                           fault + "}\nexpect:\n  - command: {exited: 0}\n");
  };
  EXPECT_THAT(complaints("name: a.test"), HasSubstr("answer"));
  EXPECT_THAT(complaints("answer: lost"), HasSubstr("nxdomain"));
  EXPECT_THAT(complaints("answer: none, delay: 1s"), HasSubstr("delay"));
  EXPECT_THAT(complaints("answer: none, name: a.test."),
              HasSubstr("without its last dot"));
  EXPECT_THAT(complaints("answer: none, host: 'http://a.test/'"),
              HasSubstr("3:5: dns: name is that of a host"));
  for (const char* name : {"x.test:53", "a@b.test", "'a\\.b.test'"}) {
    EXPECT_THAT(complaints("answer: none, name: " + std::string(name)),
                HasSubstr("3:31: dns: name is that of a host"));
  }
  const std::string label(64, 'a');
  EXPECT_THAT(complaints("answer: none, name: " + label + ".test"),
              HasSubstr("3:31: dns: name has a part of more than 63 letters"));
  EXPECT_THAT(complaints("answer: none, name: '*" + label.substr(1) + ".*'"),
              "");
  EXPECT_THAT(complaints("answer: none, server: dns.test"),
              HasSubstr("say the address of the resolver"));
  EXPECT_THAT(complaints("answer: none, server: /run/x"),
              HasSubstr("say the address of the resolver"));
  EXPECT_THAT(complaints("address: 1.2.3"), HasSubstr("192.0.2.1"));
  EXPECT_THAT(complaints("address: 1.2.3.4, type: MX"),
              HasSubstr("A and AAAA alone"));
  EXPECT_THAT(complaints("delay: 0s"), HasSubstr("more than nothing"));
  EXPECT_THAT(complaints("answer: none, first: 1, until: {effects: 2}"),
              HasSubstr("until waits for 2 effects"));
}

}  // namespace
}  // namespace faultrig
