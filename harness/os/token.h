#pragma once

#include <cstddef>
#include <string>

#include "harness/base/result.h"

namespace faultrig {

// So many random bytes that nobody can guess (getrandom(2)), in hexadecimal.
Result<std::string> random_token(std::size_t bytes);

}  // namespace faultrig
