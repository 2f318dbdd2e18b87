#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A SOCK_SEQPACKET connection to the unix socket at `path` (unix(7)).
Result<Fd> connect_to(const std::string& path);

}  // namespace faultrig
