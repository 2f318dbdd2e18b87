#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace faultrig {

// How long what a workload left may take to end by itself, from the end of its
// first process on: a process that was told to die, or is on its way out, is
// not a leftover. `calls`: how many of its calls have waited for us meanwhile.
// They make it slower than it is, so each gives it more time, up to a bound
// that whoever goes on for ever passes. Pure.
inline std::chrono::milliseconds settle_time(std::size_t calls) {
  constexpr std::chrono::milliseconds kAlone{250};
  constexpr std::chrono::milliseconds kForACall{5};
  constexpr std::size_t kMostCalls = 1000;
  return kAlone + kForACall * std::min(calls, kMostCalls);
}

}  // namespace faultrig
