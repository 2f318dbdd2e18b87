#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace faultrig {

// How far a campaign is, for whoever watches it.
struct Standing {
  using Time = std::chrono::steady_clock::time_point;
  struct Running {
    std::string what;
    Time since;
  };

  std::size_t done = 0;
  std::size_t all = 0;
  std::size_t bad = 0;  // of those that are done: did not pass
  Time started;
  std::vector<Running> running;  // the oldest first
};

}  // namespace faultrig
