#pragma once

#include <optional>
#include <string>

#include "harness/model/plan.h"

namespace faultrig {

// A line for sh(1) that does with strace(1) alone what the faults of a plan do:
// `go test -c ... && strace -f -e inject=fsync:error=EIO:when=1 ...`. Nothing
// where strace cannot say it: faults that are no system calls, that wait for
// something, or that choose calls by more than their name and number.
std::optional<std::string> strace_line(const Plan& plan);

}  // namespace faultrig
