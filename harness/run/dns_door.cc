// A socket that is connected to itself (udp(7)) takes what comes from its peer
// alone, and that is itself; to another peer it is opened in one call, and has
// its port all the time.
#include "harness/run/dns_door.h"

#include <cerrno>
#include <utility>

#include "harness/os/datagram_socket.h"
#include "harness/os/socket_address.h"
#include "harness/os/stream_socket.h"

namespace faultrig {

Result<std::unique_ptr<DnsDoor>> DnsDoor::open(Network network,
                                               const std::string& host) {
  std::unique_ptr<DnsDoor> door(new DnsDoor);
  TRY_ASSIGN(door->socket_, datagram_on_loopback(network, host));
  door->own_ = inet_address_of(door->socket_).value_or(InetAddress{});
  if (auto owners = within(network, &UdpOwners::open)) {
    door->owners_ = std::move(*owners);
  }
  door->network_ = std::move(network);
  return door;
}

bool DnsDoor::is_at(const std::string& host) const {
  return own_.host() == host;
}

int DnsDoor::lead_in(const Fd& socket) const {
  return connect_to(socket, socket_);
}

int DnsDoor::shut() const { return connect_to(socket_, socket_); }

int DnsDoor::open_to(std::string_view sender) const {
  return begin_connect(socket_, sender);
}

std::optional<DnsDoor::Came> DnsDoor::next() const {
  Came came;
  if (receive_from(socket_, came.message, came.sender) < 0) {
    return std::nullopt;
  }
  return came;
}

std::int64_t DnsDoor::answer(std::string_view message,
                             std::string_view sender) const {
  std::int64_t sent = send_to(socket_, message, sender);
  bool earlier = sent == -ECONNREFUSED;  // an answer to what was closed then
  return earlier ? send_to(socket_, message, sender) : sent;
}

std::optional<std::uint64_t> DnsDoor::owner(const InetAddress& sender) const {
  auto found = owners_.owner(sender, own_);
  return found ? std::optional(*found) : std::nullopt;
}

bool DnsDoor::has_lost() const {
  std::uint32_t dropped = dropped_by(socket_);
  return dropped > 0;
}

}  // namespace faultrig
