#pragma once

#include <cstddef>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/profile.h"

namespace faultrig {

// Larger files are not read, nor what comes to more of those.
inline constexpr std::size_t kLargestProfile = 64 << 20;

// Reads a file of runtime/pprof (profile.proto of google/pprof), of anybody's
// making: the values that it names as the default ones, else the last ones, one
// for each way through functions. Usage: it is empty, cut or damaged, or names
// what it has not; then nothing of it is told. At most 1,000,000 samples; of a
// stack the innermost 512 functions. Pure.
Result<Profile> read_profile(std::string_view file);

}  // namespace faultrig
