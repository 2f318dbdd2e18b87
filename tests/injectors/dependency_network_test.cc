// A socket stays in the network in which it was made; who connects it may live
// in another one by then (unshare(2), setns(2)).
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/injectors/line_client.h"
#include "tests/injectors/line_server.h"

namespace faultrig {
namespace {

TEST(Dependency, IsInTheNetworkOfItsSocket) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  LineServer server;
  expect_only_by_the_fault(R"(
workload:
  command:
    - perl
    - -MSocket
    - -e
    - |
      $^F = 100;  # it is not closed by exec
      socket(my $s, PF_INET, SOCK_STREAM, 0);
      exec("unshare", "-n", "perl", "-MSocket", "-e", q{
        open(my $s, "+<&=", $ARGV[0]);
        my $to = pack_sockaddr_in($ARGV[1], inet_aton("127.0.0.1"));
        connect($s, $to) or print("no connection: $!\n"), exit;
        syswrite($s, "one\n");
        sysread($s, my $line, 100);
        print "read $line.\n";
      }, fileno($s), )" + server.port() +
                           R"();
faults:
  - dependency: {to: )" + server.port() +
                           R"(, cut: 2}
expect:
  - output: {contains: 'read on.'}
)");
}

}  // namespace
}  // namespace faultrig
