#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// The path of a program as execvp(3) would find it with this PATH; an error
// that names the program if there is none.
Result<std::string> find_program(const std::string& name,
                                 const std::vector<std::string>& env);

// What an author who wrote `srv` for the file beside the scenario must know
// when exec(2) failed with ENOENT: ` (PATH was searched, ...)`; else nothing.
std::string path_hint(const std::string& name, int os_errno);

}  // namespace faultrig
