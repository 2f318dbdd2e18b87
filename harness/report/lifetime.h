#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/verdict.h"

namespace faultrig {

// From when to when a process of a run lived, since its launch.
struct Lifetime {
  std::int64_t pid = 0;
  std::string link;
  std::string start;  // what was told of its start
  std::string end;    // of its end; empty: it outlived the run
  std::chrono::nanoseconds from{0};
  std::chrono::nanoseconds to{0};
};

// Of each process that the details tell of, in the order in which they ended,
// then those without an end, which end with the run. None without details.
std::vector<Lifetime> lifetimes_of(const Judgement& judgement);

// Is this fact of a run the start or the end of a process?
bool bounds_a_lifetime(const TimelineRow& row);

}  // namespace faultrig
