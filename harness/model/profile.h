#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/go_stack.h"

namespace faultrig {

// What a profile says, without addresses and lines: how much of something was
// spent by which functions.
struct Profile {
  struct Stack {
    std::vector<std::size_t> functions;  // of `functions`, innermost first
    std::int64_t value = 0;              // above 0
  };
  std::string type;  // what is counted, in the file's word: `cpu`, `delay`
  std::string unit;  // `nanoseconds`, `bytes`, `count`
  // One sample stands for so many of that; 0: each event was counted.
  std::int64_t each = 0;
  std::chrono::nanoseconds lasted{0};  // 0: the file does not say
  std::vector<std::string> functions;  // with their packages
  std::vector<Stack> stacks;           // the largest first
  std::int64_t total = 0;              // of all of them

  // A stack as evidence has it, without what is more than `most` functions
  // from the innermost.
  GoStack stack(const Stack& one, std::size_t most) const;
};

// `830 ms`, `1.5MiB`, `12`: a value in that unit, for people.
std::string amount_text(std::int64_t value, const std::string& unit);

// What a function is called where nobody knows it.
inline constexpr const char* kUnknownFunction = "(unknown)";
// What stands for functions of the kernel; for code within a Go program that
// is none of Go, such as C.
inline constexpr const char* kKernelCode = "[kernel]";
inline constexpr const char* kForeignCode = "[not Go]";

}  // namespace faultrig
