#pragma once

#include <sys/socket.h>

#include <string_view>

namespace faultrig {

// An address of a socket as the kernel takes it: the family, and after it what
// belongs to it.
struct RawAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

// Of these bytes, as many as any has.
RawAddress raw_address(std::string_view bytes);
// 127.0.0.1 or ::1 with any free port; of AF_UNIX a free name without a file
// (autobind in unix(7)).
RawAddress loopback_of(int family);

}  // namespace faultrig
