#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/site_sweep.h"

namespace faultrig {

// A limit that can be lowered step by step.
struct Limit {
  std::string_view name;  // of the injector that sets it
  std::string_view unit;  // behind its number, as a scenario has it
  std::int64_t least;     // that can be asked for
  std::int64_t start;     // that is tried first
  std::int64_t most;
  int error;                 // that a call gives there; 0: it only takes longer
  std::string_view summary;  // of the key of `limits`

  // From one value to the next: a hundredth, and 1 at least.
  std::int64_t step(std::int64_t value) const;
  // `64MiB`, `12`, `5%`.
  std::string text(std::int64_t value) const;
};

// memory, fds, processes and cpu.
const std::vector<Limit>& all_limits();
// Null: there is no such limit.
const Limit* limit_named(std::string_view name);

// The least of one limit at which a workload still passes.
struct Floor {
  const Limit* limit = nullptr;
  std::string trouble;                // why nobody knows it; empty: it is known
  std::int64_t value = 0;             // it passed there, each time
  int passes = 0;                     // so often
  std::optional<std::int64_t> below;  // one step less: it failed there; none:
                                      // it passes with the least there is
  int fails = 0;                      // so often
  // What it came to there.
  SiteOutcome outcome = SiteOutcome::unknown;
  std::string because;
  // Between these it passes at times: the least at which it ever passed, the
  // most at which it ever failed.
  struct Between {
    std::int64_t passed = 0;
    std::int64_t failed = 0;
  };
  std::optional<Between> flaky;
  int tries = 0;

  // A little above it, for a guard: a quarter, and 2 steps at least.
  std::int64_t guarded() const;
  // `12MiB`, or `flaky from 11MiB to 14MiB`.
  std::string text() const;
};

struct FloorMap {
  std::string what;     // `./store`
  std::string trouble;  // why there is none; empty: there is one
  std::vector<Floor> floors;
  // How often all guarded limits together were tried, and passed.
  int guard_tries = 0;
  int guard_passes = 0;
  std::string guard_because;          // why they did not pass
  std::string written;                // file of the guard; empty: none
  std::chrono::nanoseconds plain{0};  // what a run without limits took
  std::chrono::nanoseconds took{0};

  // Is each floor known?
  bool is_known() const;
  // Do all limits together leave enough?
  bool is_guarded() const;
};

}  // namespace faultrig
