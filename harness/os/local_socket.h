#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A listening SOCK_SEQPACKET socket at a path (unix(7)).
Result<Fd> listen_at(const std::string& path);

// The next connection, if one waits.
Result<Fd> accept_at(const Fd& listener);

// Device and inode of what stands at `path`: another text when it was
// replaced; empty if nothing is there.
std::string identity_of(const std::string& path);

}  // namespace faultrig
