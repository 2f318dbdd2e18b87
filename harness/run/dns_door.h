#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/inet_sockets.h"
#include "harness/os/network_space.h"
#include "harness/os/udp_owners.h"

namespace faultrig {

// Where sockets of the workload's come to us instead of to their resolver, each
// from its own address: a socket of UDP on loopback, in their network.
class DnsDoor {
 public:
  // `host`: the resolver's address; where that is one of loopback the door
  // stands there too, and answers come from where they are looked for.
  static Result<std::unique_ptr<DnsDoor>> open(Network network,
                                               const std::string& host);

  int fd() const { return socket_.get(); }
  const Network& network() const { return network_; }
  // Do answers come from the resolver's own address?
  bool is_at(const std::string& host) const;

  // Connects it to the door: 0 or the errno.
  int lead_in(const Fd& socket) const;
  // From now on the kernel refuses (ICMP) what is sent here: no other takes its
  // port. 0 or the errno.
  int shut() const;
  // From now on it takes what comes from this sockaddr, and nothing else.
  int open_to(std::string_view sender) const;

  struct Came {
    std::string message;
    std::string sender;  // its sockaddr
  };
  // The next message; none waits: nothing.
  std::optional<Came> next() const;
  // As send_to().
  std::int64_t answer(std::string_view message, std::string_view sender) const;

  // Whose messages from this address are: the cookie of a socket; 0: nobody's
  // now; nothing: the kernel cannot tell.
  std::optional<std::uint64_t> owner(const InetAddress& sender) const;
  // Have messages been dropped that it had no room for?
  bool has_lost() const;

 private:
  DnsDoor() = default;
  Fd socket_;
  Network network_;
  UdpOwners owners_;
  InetAddress own_;
};

}  // namespace faultrig
