// A dependency at the path of a socket, or at a name without a file (unix(7)).
#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/line_client.h"
#include "tests/injectors/line_server.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;

// A program in perl, with these faults and expectations behind it.
std::string perl(const std::string& program, const std::string& rest) {
  std::string yaml = R"(
workload:
  command:
    - perl
    - -MIO::Socket::UNIX
    - -e
    - |
)";
  return yaml + program + rest;
}

TEST(Dependency, MayBeAtAPath) {
  std::string path = "/tmp/faultrig-line-" + std::to_string(getpid());
  LineServer server(path);
  std::string yaml = R"(
workload:
  command:
    - perl
    - -MIO::Socket::UNIX
    - -e
    - |
      my $s = IO::Socket::UNIX->new(Peer => ')" +
                     path + R"(');
      print "no connection: $!\n" and exit 0 unless $s;
      print $s "hello\n"; my $line = <$s>; print "got $line";
faults:
  - dependency: {to: )" +
                     path + R"(, does: refuse, first: 1}
expect:
  - output: {contains: no connection}
)";
  expect_only_by_the_fault(yaml);
  std::filesystem::remove(path);
}

// As many letters as a path may have: with what stands in front of it for us it
// is too long.
TEST(Dependency, MayBeAtALongPath) {
  fs::path folder =
      "/tmp/faultrig-" + std::to_string(getpid()) + "-" + std::string(75, 'l');
  fs::create_directory(folder);
  std::string path = folder / "s";
  path.resize(107, 's');
  LineServer server(path);
  expect_only_by_the_fault(perl(R"(
      my $at = ')" + path + R"(';
      my $s = IO::Socket::UNIX->new(Peer => $at);
      print "no connection: $!\n" unless $s;
      $s ||= IO::Socket::UNIX->new(Peer => $at) or die "$!";
      print $s "hello\n"; my $line = <$s>; print "got $line";
)",
                                R"(
faults:
  - dependency: {to: ')" + path + R"(', does: refuse, first: 1}
expect:
  - output: {contains: no connection}
  - output: {contains: got hello}
)"));
  fs::remove_all(folder);
}

TEST(Dependency, MayBeANameOfAllItsBytes) {
  expect_only_by_the_fault(perl(R"(
      my $at = "\0faultrig" . ("n" x 99);
      my $l = IO::Socket::UNIX->new(Local => $at, Listen => 5) or die "$!";
      my $s = IO::Socket::UNIX->new(Peer => $at);
      print "no connection: $!\n" unless $s;
      $s ||= IO::Socket::UNIX->new(Peer => $at) or die "$!";
      my $c = $l->accept; syswrite($c, "hello\n"); print "got ", scalar <$s>;
)",
                                R"(
faults:
  - dependency: {to: '@faultrig*', does: refuse, first: 1}
expect:
  - output: {contains: no connection}
  - output: {contains: got hello}
)"));
}

// Its queue is full: connect(2) waits for room, and never says EAGAIN.
TEST(Dependency, MakesACallerThatBlocksWaitForRoom) {
  expect_only_by_the_fault(perl(R"(
      my $at = "\0faultrig-full-$$";
      my $l = IO::Socket::UNIX->new(Local => $at, Listen => 1) or die "$!";
      print "first: $!\n" unless IO::Socket::UNIX->new(Peer => $at);
      pipe(my $told, my $tell);
      for my $n (1 .. 4) {
        next if fork();
        my $s = IO::Socket::UNIX->new(Peer => $at);
        syswrite($tell, $s ? "c" : "!");
        exit 0;
      }
      close($tell);
      sysread($told, my $one, 1);
      my @all = map { $l->accept } 1 .. 4;
      1 while wait() > 0;
      my $seen = $one . join("", <$told>);
      print "seen $seen\n";
)",
                                R"(
faults:
  - dependency: {to: '@faultrig-full-*', does: refuse, first: 1}
expect:
  - output: {contains: 'first: Connection refused'}
  - output: {contains: seen cccc}
)"));
}

}  // namespace
}  // namespace faultrig
