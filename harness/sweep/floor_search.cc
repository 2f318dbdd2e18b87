// The floor lies above every value that ever failed: one that passed below such
// a value had luck.
#include "harness/sweep/floor_search.h"

#include <algorithm>
#include <cmath>

namespace faultrig {

namespace {

constexpr int kTimes = 3;
constexpr std::int64_t kFaster = 4;

// In the middle of their sizes: 4 of 1 and 16.
std::int64_t middle(std::int64_t low, std::int64_t high) {
  auto mean = static_cast<std::int64_t>(
      std::sqrt(static_cast<double>(std::max<std::int64_t>(low, 1)) *
                static_cast<double>(high)));
  return std::clamp(mean, low + 1, high - 1);
}

}  // namespace

std::optional<std::int64_t> FloorSearch::highest_fail() const {
  for (auto one = tried_.rbegin(); one != tried_.rend(); ++one) {
    if (one->second.fails > 0) {
      return one->first;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> FloorSearch::lowest_safe() const {
  std::int64_t failed = highest_fail().value_or(limit_.least - 1);
  for (const auto& [value, tried] : tried_) {
    if (value > failed && tried.passes > 0) {
      return value;
    }
  }
  return std::nullopt;
}

// It has not passed yet, or no more: higher.
std::optional<FloorSearch::Wanted> FloorSearch::upwards() const {
  if (tried_.empty()) {
    return Wanted{limit_.start, 1};
  }
  std::int64_t highest = tried_.rbegin()->first;
  const Tried& last = tried_.rbegin()->second;
  if (last.fails == 0) {
    return Wanted{highest, 1};
  }
  if (highest >= limit_.most) {
    return std::nullopt;
  }
  return Wanted{std::min(highest * kFaster, limit_.most), 1};
}

std::optional<FloorSearch::Wanted> FloorSearch::wanted() const {
  auto safe = lowest_safe();
  if (!safe) {
    return upwards();
  }
  auto failed = highest_fail();
  std::int64_t low = failed.value_or(limit_.least - 1);
  if (*safe - low > limit_.step(*safe)) {
    return Wanted{middle(low, *safe), 1};
  }
  const Tried& there = tried_.at(*safe);
  if (there.passes < kTimes) {
    return Wanted{*safe, kTimes};
  }
  if (failed) {
    const Tried& below = tried_.at(*failed);
    if (below.passes + below.fails < kTimes) {
      return Wanted{*failed, kTimes};
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> FloorSearch::next() {
  auto want = wanted();
  if (!want || tried_[want->value].given >= want->times) {
    return std::nullopt;
  }
  ++tried_[want->value].given;
  return want->value;
}

void FloorSearch::learned(std::int64_t value, bool passed) {
  Tried& tried = tried_[value];
  ++(passed ? tried.passes : tried.fails);
}

void FloorSearch::take_back(std::int64_t value) { --tried_[value].given; }

bool FloorSearch::ended() const { return !wanted(); }

Floor FloorSearch::floor() const {
  Floor out;
  out.limit = &limit_;
  std::optional<std::int64_t> least_pass;
  for (const auto& [value, tried] : tried_) {
    out.tries += tried.passes + tried.fails;
    if (tried.passes > 0 && !least_pass) {
      least_pass = value;
    }
  }
  auto safe = lowest_safe();
  auto failed = highest_fail();
  if (!ended() || !safe) {
    out.trouble = !ended() ? "it was ended before it was found"
                           : "it does not pass with " +
                                 limit_.text(failed.value_or(limit_.most)) +
                                 " either";
    return out;
  }
  out.value = *safe;
  out.passes = tried_.at(*safe).passes;
  out.below = failed;
  out.fails = failed ? tried_.at(*failed).fails : 0;
  if (failed && *least_pass <= *failed) {
    out.flaky = Floor::Between{*least_pass, *failed};
  }
  return out;
}

}  // namespace faultrig
