#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/profile.h"

namespace faultrig {

// The file of profile.proto, packed by gzip, that says the same, for
// read_profile() and for `go tool pprof`. Pure.
Result<std::string> write_profile(const Profile& profile);

}  // namespace faultrig
