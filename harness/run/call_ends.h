#pragma once

#include <functional>
#include <map>

#include "harness/os/notify.h"
#include "harness/run/loop.h"

namespace faultrig {

// Sees when calls that were let run have run.
class CallEnds {
 public:
  explicit CallEnds(Loop& loop) : loop_(loop) {}

  // Calls `then` once, when the thread is seen outside of this call, some
  // fractions of a millisecond later; or is gone.
  void follow(const Notification& call, std::function<void()> then);
  // This thread makes another call: the one before has run.
  void calls_again(int tid);

 private:
  struct Followed {
    Notification call;
    std::function<void()> then;
  };
  void look(std::uint64_t id, std::chrono::nanoseconds pause);
  void finish(std::uint64_t id);

  Loop& loop_;
  std::map<std::uint64_t, Followed> followed_;  // by the notification's id
};

}  // namespace faultrig
