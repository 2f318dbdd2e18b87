#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace faultrig {

// The event loop of a run: descriptors by poll(2), timers, one thread. Call
// backs may watch, unwatch and set timers, their own included.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Ready = std::function<void(short events)>;

  // Calls `ready` whenever `fd` has one of `events` (or an error). The caller
  // keeps the descriptor, and unwatches before closing it.
  void watch(int fd, short events, Ready ready);
  void unwatch(int fd);

  // Calls `then` once, not before `delay` has passed.
  void after(std::chrono::nanoseconds delay, std::function<void()> then);

  // Waits for something to happen, at most `limit`; handles all that has
  // happened. False: nothing did.
  bool step(std::chrono::nanoseconds limit);

  // How the last step waited: how long at most, how long, how long after the
  // wait before, and for how many descriptors.
  struct Nap {
    std::chrono::nanoseconds wanted{0};
    std::chrono::nanoseconds slept{0};
    std::chrono::nanoseconds away{0};
    int ready = 0;
  };
  const Nap& nap() const { return nap_; }
  // From now on counts as being away, until the first step.
  void start_clock() { awake_ = Clock::now(); }

 private:
  struct Watch {
    short events = 0;
    Ready ready;
    std::uint64_t born = 0;
  };
  bool run_timers();

  std::map<int, Watch> watches_;
  std::multimap<Clock::time_point, std::function<void()>> timers_;
  std::uint64_t births_ = 0;
  Nap nap_;
  std::optional<Clock::time_point> awake_;
};

}  // namespace faultrig
