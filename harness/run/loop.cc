#include "harness/run/loop.h"

#include <poll.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace faultrig {

void Loop::watch(int fd, short events, Ready ready) {
  watches_[fd] = {events, std::move(ready), ++births_};
}

void Loop::unwatch(int fd) { watches_.erase(fd); }

void Loop::after(std::chrono::nanoseconds delay, std::function<void()> then) {
  timers_.emplace(Clock::now() + delay, std::move(then));
}

bool Loop::run_timers() {
  bool any = false;
  auto now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    auto then = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    then();
    any = true;
  }
  return any;
}

bool Loop::step(std::chrono::nanoseconds limit) {
  if (!timers_.empty()) {
    limit = std::min<std::chrono::nanoseconds>(
        limit, timers_.begin()->first - Clock::now());
  }
  limit = std::max(limit, std::chrono::nanoseconds(0));
  std::vector<pollfd> waits;
  std::vector<std::uint64_t> births;
  for (const auto& [fd, watch] : watches_) {
    waits.push_back({fd, watch.events, 0});
    births.push_back(watch.born);
  }
  timespec timeout{static_cast<time_t>(limit.count() / 1000000000),
                   static_cast<long>(limit.count() % 1000000000)};
  auto before = Clock::now();
  int ready = ppoll(waits.data(), waits.size(), &timeout, nullptr);
  auto now = Clock::now();
  nap_ = {limit, now - before, now - awake_.value_or(before), ready};
  awake_ = now;
  bool any = ready > 0;
  for (std::size_t i = 0; ready > 0 && i < waits.size(); ++i) {
    // A call back may have replaced or removed what stands behind a number.
    auto watch = watches_.find(waits[i].fd);
    if (waits[i].revents != 0 && watch != watches_.end() &&
        watch->second.born == births[i]) {
      Ready call = watch->second.ready;
      call(waits[i].revents);
    }
  }
  return run_timers() || any;
}

}  // namespace faultrig
