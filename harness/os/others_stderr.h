#pragma once

#include <string>

#include "harness/base/result.h"

namespace faultrig {

// Writes to what another process has as its stderr, so that it stays there:
// what that process writes later comes behind it. Where the kernel lets us only
// append to a file that it does not append to, a process of ours does that when
// it has ended. Fails where /proc, or the kernel, lets us not do either.
Result<> write_to_stderr_of(int pid, const std::string& text);

// Leaves a process behind, without any descriptor of ours, that appends `text`
// to the stderr of `pid` when `pid` has ended.
Result<> append_to_stderr_later(int pid, const std::string& text);

}  // namespace faultrig
