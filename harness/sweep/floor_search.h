#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "harness/model/floors.h"

namespace faultrig {

// Looks for the least value of a limit at which something passes, by bisection:
// the floor passes three times, and one step below it fails three times. What
// passes below a value at which it failed is noise, and told as such.
// Deterministic: the same answers ask for the same tries.
class FloorSearch {
 public:
  explicit FloorSearch(const Limit& limit) : limit_(limit) {}

  // The value to try now. Nothing: none, or it waits for tries that are under
  // way.
  std::optional<std::int64_t> next();
  void learned(std::int64_t value, bool passed);
  // A try that next() gave was not made.
  void take_back(std::int64_t value);
  // Nothing is left to be tried.
  bool ended() const;

  // What is known by now, but for the outcome below: floor, tries, noise. A
  // trouble where it never passed, or where it has not ended.
  Floor floor() const;

 private:
  struct Tried {
    int given = 0;
    int passes = 0;
    int fails = 0;
  };
  // What is wanted: a value, so often.
  struct Wanted {
    std::int64_t value = 0;
    int times = 1;
  };

  std::optional<std::int64_t> highest_fail() const;
  std::optional<std::int64_t> lowest_safe() const;
  std::optional<Wanted> upwards() const;
  std::optional<Wanted> wanted() const;

  const Limit& limit_;
  std::map<std::int64_t, Tried> tried_;
};

}  // namespace faultrig
