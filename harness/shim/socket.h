#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A SOCK_SEQPACKET connection to faultrig, which listens at `path` (unix(7))
// and is told who sends what. Fails if somebody listens there who is not above
// us.
Result<Fd> connect_to(const std::string& path);

}  // namespace faultrig
