// What goes between a workload and its resolver beside the answers of faults:
// all of it, and what cannot be seen is told.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/udp_owners.h"
#include "tests/injectors/dns_perl.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

constexpr const char* kOther = "name: b.test, answer: servfail, optional: true";

// A stranger's, then its own twice: the asker knows which one is its answer.
TEST(Dns, LosesNoPacketOfTheResolver) {
  expect_pass(perl(R"(
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
      my $asker = recv($free, my $asked, 512, 0);
      my $true = $query; substr($true, 2, 1) = "\x81";
      my $false = $true; substr($false, 0, 2) = "no";
      send($free, $_, 0, $asker) for ($false, $true, $true);
      print "packet ", $_, " ", hear(60), "\n" for (1 .. 3);
)",
                   kOther,
                   "  - output: {contains: packet 2 code 0}\n"
                   "  - output: {contains: packet 3 code 0}\n"));
}

// It passes, or says why nobody can tell: what is seen of that is up to the
// machine.
void expect_pass_or_doubt(const std::string& yaml, const std::string& doubt) {
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  if (ran.judgement.verdict != Verdict::pass) {
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
    EXPECT_THAT(told(ran.judgement), HasSubstr(doubt));
  }
}

// The resolver was down, and is up when it is asked again on that socket.
TEST(Dns, SeesWhatIsAskedBehindARefusal) {
  expect_pass_or_doubt(perl(R"(
      close($free);
      connect($s, at("127.0.0.1", $port)); send($s, query("b.test"), 0);
      print "first ", hear(60), "\n";
      socket($free, PF_INET, SOCK_DGRAM, 0);
      bind($free, at("127.0.0.1", $port)) or print "cannot: $!\n";
      send($s, $query, 0);
      print "then ", hear(60), "\n";
)",
                            "name: a.test, answer: servfail",
                            R"(
  - output: {contains: first error Connection refused}
  - output: {contains: then code 2}
  - took_effect: {fault: a.test, times: 1}
)"),
                       "more was refused at once");
}

TEST(Dns, TellsARefusalBehindAnAnswer) {
  expect_pass(perl(R"(
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
      my $asker = recv($free, my $asked, 512, 0);
      send($free, $query, 0, $asker);
      print "first ", hear(60), "\n";
      close($free);
      send($s, $query, 0);
      print "then ", hear(60), "\n";
)",
                   kOther,
                   "  - output: {contains: first code 0}\n"
                   "  - output: {contains: then error Connection refused}\n"));
}

// As a fault answers where no resolver is.
TEST(Dns, TellsARefusalBehindAFaultsAnswer) {
  expect_pass(perl(R"(
      close($free);
      connect($s, at("127.0.0.1", $port)); send($s, query("b.test"), 0);
      print "first ", hear(60), "\n";
      send($s, $query, 0);
      print "then ", hear(60), "\n";
)",
                   kOther,
                   "  - output: {contains: first code 2}\n"
                   "  - output: {contains: then error Connection refused}\n"));
}

// A lookup that has got no answer is over when its socket is closed.
TEST(Dns, KeepsNoPortOfTheWorkloads) {
  expect_pass(perl(R"(
      bind($s, at("127.0.0.1", 0));
      my $own = getsockname($s);
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
      close($s);
      socket($s, PF_INET, SOCK_DGRAM, 0);
      print bind($s, $own) ? "bound again" : "cannot: $!", "\n";
)",
                   "answer: none, optional: true",
                   "  - output: {contains: bound again}\n"));
}

// More than a socket holds that nobody gave more room (with all that EDNS may
// add), and its asker has ended before they are read.
TEST(Dns, CountsWhatThousandsAskOrSaysThatItCannot) {
  std::string yaml =
      perl(R"(
      connect($s, at("127.0.0.1", $port));
      substr($query, 11, 1) = "\1";
      $query .= pack("C n n N n n n", 0, 41, 1232, 0, 5004, 12, 5000) .
                "\0" x 5000;
      send($s, $query, 0) for (1 .. 2000);
)",
           "answer: none", "  - took_effect: {fault: dns, times: 2000}\n");
  expect_pass_or_doubt(yaml, "more came at once");
}

// At the door of its own that it has got then: more than one look there takes.
TEST(Dns, CountsWhatThousandsAskBehindARefusal) {
  expect_pass_or_doubt(perl(R"(
      close($free);
      connect($s, at("127.0.0.1", $port)); send($s, query("b.test"), 0);
      print "first ", hear(60), "\n";
      send($s, $query, 0) for (1 .. 2000);
)",
                            "name: a.test, answer: none",
                            "  - took_effect: {fault: a.test, times: 2000}\n"),
                       "at once");
}

// Who looks at the sender of an answer (c-ares) finds the resolver.
TEST(Dns, AnswersFromTheAddressThatWasAsked) {
  std::string yaml =
      perl(R"(
      connect($s, at("127.0.0.2", $port)); send($s, $query, 0);
      my ($from_port, $from) = unpack_sockaddr_in(recv($s, my $got, 512, 0));
      print "from ", inet_ntoa($from), "\n";
)",
           "answer: servfail", "  - output: {contains: from 127.0.0.2}\n");
  yaml.replace(yaml.find("server: '127.0.0.1"), 18, "server: '127.0.0.2");
  yaml.insert(yaml.find("faults:"), "golden: false\n");
  expect_pass(yaml);
}

bool can_have_a_network() {
  return std::system("unshare -rn true 2>/dev/null") == 0 &&
         access("/usr/sbin/ip", X_OK) == 0;
}

// It takes no answer of ours for one of its resolver's, and asks again.
TEST(Dns, DoubtsAnAnswerThatIsAskedForAgain) {
  if (!can_have_a_network()) {
    GTEST_SKIP() << "needs a user namespace, and ip(8)";
  }
  auto asked = [](const std::string& second) {
    std::string yaml = perl(R"(
      system("/usr/sbin/ip link set lo up");
      system("/usr/sbin/ip addr add 192.0.2.1/32 dev lo");
      connect($s, at("192.0.2.1", 53));
      send($s, $query, 0); print "first ", hear(60), "\n";
      send($s, )" + second + R"(, 0); print "then ", hear(60), "\n";
)",
                            "answer: nxdomain",
                            "  - output: {contains: then code 3}\n");
    yaml.replace(yaml.find("server: '127.0.0.1:*'"), 21, "server: '53'");
    yaml.replace(yaml.find("- perl"), 6, "- unshare\n    - -rn\n    - perl");
    yaml.insert(yaml.find("faults:"), "golden: false\n");
    return yaml;
  };
  expect_inconclusive(asked("$query"), "it asked the same again");
  expect_pass(asked("query('a.test', 8)"));
}

// Two sockets of one address, each with a resolver of its own.
TEST(Dns, AsksTheResolverThatEachSocketMeant) {
  expect_pass(perl(R"(
      socket(my $second, PF_INET, SOCK_DGRAM, 0);
      bind($second, at("127.0.0.1", 0));
      my ($port2) = unpack_sockaddr_in(getsockname($second));
      socket(my $t, PF_INET, SOCK_DGRAM, 0);
      setsockopt($_, SOL_SOCKET, 15, 1) for ($s, $t);
      bind($s, at("127.0.0.1", 0)); connect($s, at("127.0.0.1", $port));
      bind($t, getsockname($s)) or print "cannot: $!\n";
      connect($t, at("127.0.0.1", $port2));
      send($s, query("one.test"), 0);
      send($t, query("two.test"), 0);
      recv($free, my $at_one, 512, 0);
      recv($second, my $at_two, 512, 0);
      print $at_one =~ /one/ && $at_two =~ /two/ ? "well" : "crossed", "\n";
)",
                   kOther, "  - output: {contains: well}\n"));
}

// Told by the workload where it asked from, and where it was led, asks there
// when that socket is gone.
void ask_as_a_stranger(const Fd& meeting) {
  std::array<char, 64> text{};
  sockaddr_in workload{};
  socklen_t size = sizeof workload;
  auto* from = reinterpret_cast<sockaddr*>(&workload);
  if (recvfrom(meeting.get(), text.data(), text.size() - 1, 0, from, &size) <
      0) {
    return;
  }
  char* rest = nullptr;
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in door = own;
  own.sin_port =
      htons(static_cast<std::uint16_t>(strtoul(text.data(), &rest, 10)));
  door.sin_port = htons(static_cast<std::uint16_t>(strtoul(rest, nullptr, 10)));
  Fd stranger(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const std::string query("\0\7\1\0\0\1\0\0\0\0\0\0\1b\4test\0\0\1\0\1", 24);
  EXPECT_EQ(bind(stranger.get(), reinterpret_cast<sockaddr*>(&own), sizeof own),
            0);
  EXPECT_EQ(sendto(stranger.get(), query.data(), query.size(), 0,
                   reinterpret_cast<sockaddr*>(&door), sizeof door),
            24);
  EXPECT_EQ(sendto(meeting.get(), "done", 4, 0, from, size), 4);
  // It keeps the address until it has been looked at.
  (void)recv(meeting.get(), text.data(), text.size(), 0);
}

TEST(Dns, HearsNoStranger) {
  if (!UdpOwners::open()) {
    GTEST_SKIP() << "needs UDP sockets in sock_diag";
  }
  Fd meeting(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* name = reinterpret_cast<sockaddr*>(&at);
  ASSERT_EQ(bind(meeting.get(), name, size), 0);
  ASSERT_EQ(getsockname(meeting.get(), name, &size), 0);
  std::string yaml = perl(R"(
      connect($s, at("127.0.0.1", $port));
      my ($own) = unpack_sockaddr_in(getsockname($s));
      my ($door) = unpack_sockaddr_in(getpeername($s));
      close($s);
      socket($s, PF_INET, SOCK_DGRAM, 0);
      my $meeting = at("127.0.0.1", )" +
                              std::to_string(ntohs(at.sin_port)) + R"();
      send($s, "$own $door", 0, $meeting); recv($s, my $done, 9, 0);
      # What the stranger asked has been looked at when this is answered.
      socket(my $t, PF_INET, SOCK_DGRAM, 0);
      connect($t, at("127.0.0.1", $port)); send($t, query("c.test"), 0);
      recv($t, my $got, 512, 0);
      send($s, "over", 0, $meeting);
      print "over\n";
)",
                          "name: '[bc].test', answer: nxdomain",
                          "  - took_effect: {fault: dns, times: 1}\n");
  yaml.replace(yaml.find("name: '[bc].test'"), 17, "host: '?.test'");
  yaml.insert(yaml.find("faults:"), "golden: false\n");
  SKIP_IF_MISSING(yaml);
  std::thread stranger([&] { ask_as_a_stranger(meeting); });
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  (void)sendto(meeting.get(), "stop", 4, 0, name, size);
  (void)sendto(meeting.get(), "stop", 4, 0, name, size);
  stranger.join();
}

// Its run is over long before.
TEST(Dns, TellsThatAQuestionWasHeldBackToTheEnd) {
  std::string yaml = perl(R"(
      connect($s, at("127.0.0.1", $port)); send($s, $query, 0);
)",
                          "delay: 50s", "  - command: {exited: 0}\n");
  expect_proof(yaml, "was held back until the workload ended");
}

TEST(Dns, DoubtsAQuestionThatOpensAConnection) {
  const std::string deeds = R"(
      socket(my $l, PF_INET, SOCK_STREAM, 0);
      bind($l, at("127.0.0.1", 0)); listen($l, 1);
      my ($to) = unpack_sockaddr_in(getsockname($l));
      socket(my $c, PF_INET, SOCK_STREAM, 0);
      send($c, pack("n", length $query) . $query, 0x20000000,
           at("127.0.0.1", $to));
      print "sent\n";
)";
  expect_inconclusive(perl(deeds, "name: a.test, answer: none, optional: true",
                           "  - output: {contains: sent}\n"),
                      "without connect(2)");
}

// With all that EDNS may add.
TEST(Dns, DoubtsALongQuestionWithoutConnect) {
  const std::string deeds = R"(
      substr($query, 11, 1) = "\1";
      $query .= pack("C n n N n n n", 0, 41, 1232, 0, 5004, 12, 5000) .
                "\0" x 5000;
      send($s, $query, 0, at("127.0.0.1", $port));
      print "sent\n";
)";
  expect_inconclusive(perl(deeds, "name: a.test, answer: none, optional: true",
                           "  - output: {contains: sent}\n"),
                      "without connect(2)");
}

// The kernel's word, with a fault as without one.
TEST(Dns, LeavesAConnectThatCannotBeToTheKernel) {
  expect_pass(perl(R"(
      for my $kind (SOCK_DGRAM, SOCK_STREAM) {
        socket(my $c, PF_INET, $kind, 0);
        connect($c, at("127.0.0.1", $port) . "\0" x 113);
        print "long $kind: $!\n";
      }
      socket(my $l, PF_INET, SOCK_STREAM, 0);
      bind($l, at("127.0.0.1", 0)); listen($l, 1);
      connect($l, at("127.0.0.1", $port));
      print "listening: $!\n";
)",
                   kOther,
                   "  - output: {contains: 'long 1: Invalid argument'}\n"
                   "  - output: {contains: 'long 2: Invalid argument'}\n"
                   "  - output: {contains: 'listening: Transport endpoint is "
                   "already connected'}\n"));
}

}  // namespace
}  // namespace faultrig
