#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace faultrig {

// One argument of a call, as far as it tells what the call asks for.
struct ArgumentTest {
  unsigned argument = 0;
  std::uint64_t mask = 0;
  std::uint64_t value = 0;  // what `mask` leaves of it
};

// A call by which a program answers calls itself before any filter of ours is
// asked, or in the place of its answer.
struct OwnAnswer {
  const char* call;
  ArgumentTest test;
  const char* what;  // `asked for a seccomp filter of its own`
};

// All of them.
std::span<const OwnAnswer> own_answers();

// What this call asks for, if it is one of them; else empty.
std::string own_answer_of(const std::string& call, const std::uint64_t* args);

// Does it ask the kernel for a listener of its own? One that has inherited ours
// gets EBUSY (seccomp(2)).
bool asks_for_listener(const std::string& call, const std::uint64_t* args);

}  // namespace faultrig
