#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// Stamps and keeps what happens. Calls are told one by one up to a bound, and
// beyond it in one sum for all that are alike. What a fault did has a bound of
// its own, and every fault the first part of it to itself: no flood of calls
// hides an effect.
class Recorder {
 public:
  using Clock = std::chrono::steady_clock;

  // Times count from the first time on that this is called; what was recorded
  // before happened at 0.
  void launch();
  std::chrono::nanoseconds now() const;

  // Called with each observation that is kept one by one, at once and stamped;
  // it must not wait.
  void tell_each(std::function<void(const Observation&)> hear) {
    hear_ = std::move(hear);
  }

  // A call that is only watched is to be told with who led to it, and without
  // its files and descriptors: to read them costs more than the call.
  void tell_briefly() { brief_ = true; }
  bool is_brief() const { return brief_; }

  // Stamps it, unless it has a time already.
  void add(Observation observation);
  void trouble(const std::string& what);
  // What was watched no longer is, or cannot be believed.
  void lose(const std::string& why);
  // That the run has ended, now.
  void tell_end();

  // The time since launch of a reading of CLOCK_MONOTONIC that another process
  // took: never before the launch, never after now.
  std::chrono::nanoseconds since_launch(std::int64_t monotonic_ns) const;

  // What was heard of this link's oom kills after `end`, which they caused, was
  // at that time.
  void date_kills(std::string_view link, std::chrono::nanoseconds end);

  // How often this fault took effect so far, told or not.
  std::int64_t effects_of(FaultId fault) const;

  // What is kept one by one so far; until the next add().
  const std::vector<Observation>& so_far() const { return trace_; }

  // All, in order; the recorder is empty afterwards.
  std::vector<Observation> take();

 private:
  // What calls have in common that are told in one sum.
  struct Alike {
    std::string link;
    std::string call;
    std::string path;
    std::vector<std::string> names;
    std::string unread;
    std::string fd;
    int error = 0;
    GoStackPtr stack;  // one for all that came the same way
    std::string site;
    std::optional<std::vector<std::string>> peers;
    bool any_path = false;
    auto operator<=>(const Alike&) const = default;  // NOLINT: clang 14
  };
  bool is_told(const Observation& observation);
  void sum_up(const Observation& observation);

  std::function<void(const Observation&)> hear_;
  bool brief_ = false;
  std::optional<Clock::time_point> launched_;
  std::vector<Observation> trace_;
  std::size_t watched_ = 0;
  std::map<Fact, std::size_t> effects_;
  std::map<std::pair<Fact, FaultId>, std::size_t> effects_of_;
  std::map<Alike, std::int64_t> untold_;
  std::map<FaultId, std::int64_t> effects_untold_;
  std::map<FaultId, std::int64_t> effects_seen_;
};

}  // namespace faultrig
