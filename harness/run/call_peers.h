#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/os/notify.h"

namespace faultrig {

// The other side of a call on a socket.
struct PeerNames {
  // Its address; of several one is meant; none: the call has no other side.
  // Nothing: nobody knows, or asked.
  std::optional<std::vector<std::string>> known;
  std::string unread;  // why nobody knows: `copy its socket: EPERM`
};

// To whom an intercepted call goes: the address that it names, else that to
// which its socket is connected; of accept(2) whoever waits to be accepted.
// True only if the caller still waits afterwards. `pid` is its process.
PeerNames peers_of(const Notification& call, std::string_view name, int pid);

// The bytes of an address that a call names, in its caller's memory: no more
// than any has (sockaddr_storage).
Result<std::string> sockaddr_at(const Notification& call, std::uint64_t at,
                                std::uint64_t size);

}  // namespace faultrig
