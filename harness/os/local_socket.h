#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A listening SOCK_SEQPACKET socket at a path of at most 107 bytes (unix(7)).
Result<Fd> listen_at(const std::string& path);

// The next connection, if one waits.
Result<Fd> accept_at(const Fd& listener);

// The process that made the other end (SO_PEERCRED in unix(7)); 0: unknown.
int peer_of(const Fd& connection);

}  // namespace faultrig
