#pragma once

#include <string>

#include "harness/base/fd.h"

namespace faultrig {

// Where a socket is bound (getsockname(2)): `127.0.0.1:8080`, `[::]:8080`, the
// path of a unix(7) socket or `@name`; empty: nowhere yet.
struct SocketAddress {
  std::string text;
  int port = 0;  // 0: it has none
};
SocketAddress address_of(const Fd& socket);

}  // namespace faultrig
