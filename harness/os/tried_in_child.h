#pragma once

#include <functional>

#include "harness/base/result.h"

namespace faultrig {

// Does `deed` in a forked child, which changes nothing here: 0, or the errno
// with which it failed. `what`: of the error. Forks; not after fork.
Result<> tried_in_child(const char* what, const std::function<int()>& deed);

}  // namespace faultrig
