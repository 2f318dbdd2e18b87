#pragma once

#include <string>

#include "harness/base/fd.h"

namespace faultrig {

// Would accept(2) wait for a connection there?
bool may_block(const Fd& socket);

// Has accept4(2) with these flags a descriptor that is closed at exec?
bool closes_on_exec(int flags);

// A connection of this socket as accept4(2) gives it, or the errno. Our copy is
// closed at exec, whatever the flags say.
struct Taken {
  Fd connection;
  int error = 0;
  std::string peer;  // a sockaddr, its bytes
};
Taken take_connection(const Fd& socket, int flags);

}  // namespace faultrig
