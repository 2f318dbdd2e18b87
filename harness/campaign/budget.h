#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/catalogue.h"
#include "harness/model/verdict.h"

namespace faultrig {

// How long a run may begin scenarios.
struct Budget {
  std::chrono::nanoseconds time{0};  // 0: as long as it takes
  std::string text;                  // as it was written

  bool any() const { return time.count() > 0; }
  // For RunSource::Options::stop: when so much time has passed since `start`,
  // says that none is left.
  std::function<std::string()> from(
      std::chrono::steady_clock::time_point start) const;
};

// `5m`, as durations are written everywhere; a usage error for anything else,
// and for no time.
Result<Budget> parse_budget(const std::string& text);

// The most valuable first, as an earlier run tells: what did not pass there,
// and is not excused; then what was not run, or is new; then the rest. Among
// equals the quickest first, so that time is for as many as possible.
std::vector<Entry> by_worth(std::vector<Entry> entries,
                            const std::vector<Judgement>& earlier);

}  // namespace faultrig
