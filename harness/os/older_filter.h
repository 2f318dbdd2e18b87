#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// Of what a program is refused before we are asked. A container's profile is a
// seccomp filter that is there before ours; where it answers a call with an
// errno, the kernel asks no listener (the precedence of actions in seccomp(2)).

// Does a filter hold this process already (`Seccomp: 2` in proc(5))?
bool is_filtered();

// Which of these calls does it answer by itself, in the order given? Each is
// tried in a child, under a filter of our own that lets none of them run, with
// arguments that no call takes: what is refused only with certain arguments is
// not found. Names that are no calls here are passed over. An error where
// nothing could be tried. Forks; not after fork.
Result<std::vector<std::string>> answered_before_us(
    const std::vector<std::string>& calls);

}  // namespace faultrig
