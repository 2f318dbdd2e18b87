// A share of a second goes at once, and what follows waits as long as it costs.
// Bytes that could wait have not waited yet: who takes the limit away before
// their time has let them go at once.
#include "harness/run/byte_pace.h"

#include <algorithm>

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

constexpr std::int64_t kPartsOfASecond = 20;
constexpr nanoseconds kPart{1'000'000'000 / kPartsOfASecond};

}  // namespace

std::uint64_t BytePace::room(Time now, std::int64_t rate) const {
  return next_ > now ? 0
                     : static_cast<std::uint64_t>(
                           std::max<std::int64_t>(1, rate / kPartsOfASecond));
}

void BytePace::sent(Time now, std::uint64_t bytes, std::int64_t rate) {
  if (bytes > 0) {
    next_ = std::max(next_, now) +
            nanoseconds(static_cast<std::int64_t>(
                bytes * 1'000'000'000 / static_cast<std::uint64_t>(rate)));
  }
}

BytePace::Time BytePace::keep(Time now) {
  since_ = since_.value_or(now);
  Time proof = *since_ + kPart;
  return proof > now ? std::min(next_, proof) : next_;
}

bool BytePace::has_waited(Time now) const {
  return since_ && now > *since_ && (now >= next_ || now - *since_ >= kPart);
}

}  // namespace faultrig
