#pragma once

#include <cstdint>

namespace faultrig {

// Numbers of a user and of a group, as whoever made the namespace knows them.
struct User {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

// In a user namespace into which clone(2) or unshare(2) has put this process:
// it is who it was before. 0, or an
// errno. After fork: raw calls only; not while it shares memory with a process
// that may not be looked into.
int stay_user(User was);

}  // namespace faultrig
