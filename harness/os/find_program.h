#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// The path of a program as execvp(3) would find it with this PATH; an error
// that names the program if there is none.
Result<std::string> find_program(const std::string& name,
                                 const std::vector<std::string>& env);

}  // namespace faultrig
