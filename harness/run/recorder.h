#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// Stamps and keeps what happens. A rule that intercepts very many calls is told
// call by call up to a bound, and in one sum beyond.
class Recorder {
 public:
  using Clock = std::chrono::steady_clock;

  // Times count from now on; what was recorded before happened at 0.
  void launch();
  std::chrono::nanoseconds now() const;

  void add(Observation observation);
  void trouble(const std::string& what);

  bool has(Fact fact, FaultId fault) const;

  // All, in order; the recorder is empty afterwards.
  std::vector<Observation> take();

 private:
  std::optional<Clock::time_point> launched_;
  std::vector<Observation> trace_;
  std::size_t calls_ = 0;
  std::size_t untold_ = 0;
};

}  // namespace faultrig
