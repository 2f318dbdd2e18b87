#pragma once

#include <cstdint>

namespace faultrig {

// When the requests of an open loop are due, whatever became of those before:
// the first at once, each next one a period later.
class RatePlan {
 public:
  // `rate` a second, above 0; starts at `start_ns`.
  RatePlan(double rate, std::int64_t start_ns)
      : rate_(rate), start_ns_(start_ns) {}

  // When number `n` is due, from 1.
  std::int64_t due_at(std::uint64_t n) const;
  // How many are due at `now_ns`.
  std::uint64_t due(std::int64_t now_ns) const;

 private:
  double rate_;
  std::int64_t start_ns_;
};

}  // namespace faultrig
