#include "harness/load/rate_plan.h"

#include <cmath>

namespace faultrig {

namespace {

constexpr double kSecond = 1e9;  // nanoseconds

}  // namespace

std::int64_t RatePlan::due_at(std::uint64_t n) const {
  double after = static_cast<double>(n - 1) * kSecond / rate_;
  return start_ns_ + static_cast<std::int64_t>(std::ceil(after));
}

std::uint64_t RatePlan::due(std::int64_t now_ns) const {
  if (now_ns < start_ns_) {
    return 0;
  }
  double periods = static_cast<double>(now_ns - start_ns_) * rate_ / kSecond;
  auto n = static_cast<std::uint64_t>(periods) + 1;
  // Both are rounded: due_at() decides.
  while (due_at(n + 1) <= now_ns) {
    ++n;
  }
  while (n > 1 && due_at(n) > now_ns) {
    --n;
  }
  return n;
}

}  // namespace faultrig
