// Servers that are not as others are (docs/services.md): what is said of them
// is their own trouble, or none.
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kStop =
    "faults:\n  - signal: {send: SIGTERM, when: {ready: true}}\nexpect:\n"
    "  - service: {graceful: zero}\n";

Rig::Told shell(const std::string& script) {
  return Rig::run(
      "golden: false\nworkload:\n  service:\n    command: [sh, -c, '" + script +
      "']\n    ready: {output: ^up$}\n" + kStop);
}

// There is neither: stdin is /dev/null.
TEST(OddService, ThatWantsATerminalOrItsInputSaysSo) {
  for (const char* wants : {"read line", "test -t 0"}) {
    Rig::Told ran =
        shell(std::string(wants) +
              " || { echo nobody to talk to >&2; exit 4; }; echo up");
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive) << wants;
    EXPECT_THAT(told(ran.judgement), HasSubstr("nobody to talk to")) << wants;
    EXPECT_LT(ran.judgement.took, std::chrono::seconds(30)) << wants;
  }
}

TEST(OddService, ThatClosesItsStderrIsOneLikeAnother) {
  Rig::Told ran = shell(
      "trap \"exit 0\" TERM; exec 2>&-; echo up; while :; do sleep 0.01; done");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// On the network of this machine somebody else may have it.
TEST(OddService, WhosePortIsTakenSaysSo) {
  Fd stranger(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  ASSERT_EQ(bind(stranger.get(), address, size), 0);
  ASSERT_EQ(listen(stranger.get(), 1), 0);
  ASSERT_EQ(getsockname(stranger.get(), address, &size), 0);
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    network: shared\n    go_build: {dir: "
      "../../go_fixtures, package: ./service/good, args: [--addr, '127.0.0.1:" +
      std::to_string(ntohs(at.sin_port)) + "']}\n" + kStop);
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement), HasSubstr("address already in use"));
}

// As many as a load may have, and where each stood when the signal came is
// known.
TEST(OddService, HasTenThousandConnections) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < 10'100) {
    GTEST_SKIP() << "needs 10,100 descriptors";
  }
  const std::string yaml =
      "golden: false\nworkload:\n  service:\n    go_build: {dir: "
      "../../go_fixtures, package: ./service/good}\n  load:\n"
      "    - {open: idle, count: 9970, name: many}\n"
      "    - {http: {get: /slow}, connections: 20, name: few}\n"
      "faults:\n  - signal: {send: SIGTERM, when: {answered: 40, after: "
      "50ms}}\n"
      "expect:\n  - service: {graceful: zero}\n"
      "  - requests: {in_flight: answered}\n";
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// Who has a socket is found out by descriptors, too: no stranger has these, and
// the limit is told as ours.
TEST(OddService, IsNotBlamedWhereOurDescriptorsAreUsedUp) {
  WitnessRig rig;
  std::ofstream(rig.folder() / "many.yaml")
      << "golden: false\nworkload:\n  service:\n    go_build: {dir: '"
      << source_dir() << "/go_fixtures', package: ./service/good}\n  load:\n"
      << "    - {open: idle, count: 400}\n"
      << "    - {http: {get: /slow}, connections: 3}\n"
      << "faults:\n  - signal: {send: SIGTERM, when: {ready: true, after: "
      << "1s}}\nexpect:\n  - service: {graceful: zero}\n";
  Outcome told =
      Program({"sh", "-c",
               "ulimit -n 200; exec " + faultrig_program() + " run many.yaml"},
              rig.folder())
          .end();
  EXPECT_THAT(told.out, Not(HasSubstr("a stranger")));
  EXPECT_THAT(told.out, HasSubstr("own limit: "));
}

}  // namespace
}  // namespace faultrig
