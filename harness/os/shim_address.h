#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// What bind(2) and connect(2) take for the unix socket at a path.
struct UnixAddress {
  sockaddr_un name{};
  Fd folder;  // the name may go through it: open for as long as it is used

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&name);
  }
};

// A path of any length: one over 107 bytes (unix(7)) goes through a descriptor
// of its folder.
Result<UnixAddress> socket_address(const std::string& path);

}  // namespace faultrig
