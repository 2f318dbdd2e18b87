// A dependency that is slow, cut short, or answered for: what becomes of bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/line_client.h"
#include "tests/injectors/line_server.h"
#include "tests/injectors/rig.h"
#include "tests/unit/stream_between.h"

namespace faultrig {
namespace {

// A busy machine may be as slow without the fault: a clock only tells here that
// nothing came too early.
TEST(Dependency, IsSlow) {
  LineServer server;
  std::string yaml = broken(server.port(), R"(
      dial; began=$(date +%s%N); ask one
      echo "took $(( ($(date +%s%N) - began) / 100000000 )) tenths")",
                            "slow: 2s", R"(
  - output: {contains: 'read 0: one'}
  - output: {matches: 'took (1[5-9]|[2-9][0-9]|[0-9]{3,}) tenths'}
)");
  expect_pass(yaml);
}

// 4097 bytes at 2 KiB a second, of which a share goes at once: a little less
// than two seconds.
TEST(Dependency, HasLittleBandwidth) {
  LineServer server;
  expect_pass(broken(server.port(), R"(
      dial; began=$(date +%s%N); ask big
      echo "took $(( ($(date +%s%N) - began) / 100000000 )) tenths")",
                     "bandwidth: 2KiB", R"(
  - output: {contains: '(4096)'}
  - output: {matches: 'took (1[5-9]|[2-9][0-9]|[0-9]{3,}) tenths'}
)"));
}

TEST(Dependency, IsCutInItsAnswer) {
  LineServer server;
  expect_only_by_the_fault(
      broken(server.port(), "      dial; ask big", "cut: 1KiB", R"(
  - output: {contains: '(1024)'}
  - output: {contains: 'read 1:'}
)"));
}

// An answer that is no longer than that is whole.
TEST(Dependency, IsNotCutWhereNoMoreWasToCome) {
  LineServer server;
  std::string yaml =
      broken(server.port(), "      dial; ask four", "cut: 5B", R"(
  - output: {contains: 'read 0: four'}
)");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::inconclusive);
}

TEST(Dependency, AnswersInItsPlace) {
  LineServer server;
  expect_only_by_the_fault(client(server.port(), R"(
      dial; printf 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' >&3
      for n in 1 2 3; do IFS= read -r -t 20 line <&3; echo "$line"; done)") +
                           R"(
faults:
  - dependency: {to: )" + server.port() +
                           R"(, answer: {status: 503, body: "busy\n"}}
expect:
  - output: {contains: HTTP/1.1 503}
)");
}

TEST(Dependency, AnswersNothingThatIsNoHttp) {
  LineServer server;
  std::string yaml = broken(server.port(), "      dial; ask hello",
                            "answer: {status: 503}", R"(
  - output: {contains: 'read 0: hello'}
)");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::inconclusive);
}

// A client and its server in one program: the client says that it sends no
// more, and its server has heard so.
TEST(Dependency, CountsAConnectionThatIsHalfClosed) {
  expect_only_by_the_fault(R"(
workload:
  command:
    - perl
    - -MIO::Socket::INET
    - -e
    - |
      my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5);
      my @at = (PeerAddr => '127.0.0.1', PeerPort => $l->sockport);
      my $one = IO::Socket::INET->new(@at);
      my $served = $l->accept;
      shutdown($one, 1);
      sysread($served, my $bytes, 1);
      my $two = IO::Socket::INET->new(@at);
      print $two ? "let in\n" : "second: $!\n";
      close($one);
      close($served);
faults:
  - dependency: {to: '127.0.0.1:*', connections: 1}
expect:
  - output: {contains: 'second: Connection refused'}
)");
}

// Waits for its time, a second.
TEST(Dependency, LetsGoOfWhatDoesNotBecomeARequest) {
  StreamBetween line({broken_by(DependencyMode::answer, 503)});
  line.set_active(true);
  line.client_says("GET /");
  EXPECT_EQ(line.server_reads(), "");
  line.wait();
  EXPECT_EQ(line.server_reads(), "GET /");
  EXPECT_TRUE(line.effects().empty());
}

}  // namespace
}  // namespace faultrig
