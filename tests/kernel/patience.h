#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "harness/os/launcher.h"

namespace faultrig {

// How many times slower than a machine of its own this one may be:
// FAULTRIG_SLOW in the environment, as for a guest; else 1.
inline int slowness() {
  const char* given = std::getenv("FAULTRIG_SLOW");
  int factor = given == nullptr ? 1 : std::atoi(given);
  return factor < 1 ? 1 : factor;
}

// Waits until `done` says so; false when it has not after `seconds` of a
// machine of its own.
template <typename Done>
bool eventually(Done done, int seconds = 10) {
  auto until = std::chrono::steady_clock::now() +
               std::chrono::seconds(seconds * slowness());
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    usleep(1000);
  }
  return true;
}

// A launch that nobody gives up.
inline LaunchPatience patient() {
  return {std::chrono::hours(1), [] { return false; }};
}

}  // namespace faultrig
