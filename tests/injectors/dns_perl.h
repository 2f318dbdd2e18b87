#pragma once

#include <string>

namespace faultrig {

// A scenario of perl that asks a resolver of its own, which does what the deeds
// say: `$s` is to ask, `$free` is the resolver's, at `$port` of loopback;
// `$query` asks for the A record of `a.test`, as `query(NAME, ID)` does for
// others; `hear(SECONDS)` tells what comes at `$s`, or that a question came
// past us to the resolver. `fault` is what stands beside `server`.
inline std::string perl(const std::string& deeds, const std::string& fault,
                        const std::string& expect) {
  return R"(
workload:
  command:
    - perl
    - -MSocket
    - -e
    - |
      $| = 1;
      sub query {
        my ($name, $id) = @_;
        pack("n6", $id // 7, 256, 1, 0, 0, 0) .
          join("", map { chr(length) . $_ } split /\./, $name) . "\0\0\1\0\1";
      }
      sub at { pack_sockaddr_in($_[1], inet_aton($_[0])) }
      my $query = query("a.test");
      socket(my $s, PF_INET, SOCK_DGRAM, 0);
      socket(my $free, PF_INET, SOCK_DGRAM, 0);
      bind($free, at("127.0.0.1", 0));
      my ($port) = unpack_sockaddr_in(getsockname($free));
      sub hear {
        my $bits = "";
        defined fileno($_) and vec($bits, fileno($_), 1) = 1 for ($s, $free);
        select($bits, undef, undef, $_[0]) or return "nothing";
        vec($bits, fileno($s), 1) or return "past";
        defined recv($s, my $got, 512, 0) or return "error $!";
        return "code " . (ord(substr($got, 3)) & 15);
      }
)" + deeds +
         "\nfaults:\n  - dns: {server: '127.0.0.1:*', " + fault +
         "}\nexpect:\n" + expect;
}

}  // namespace faultrig
