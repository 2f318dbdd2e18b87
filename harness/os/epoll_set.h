#pragma once

#include <cstdint>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Very many descriptors, watched as one (epoll(7)). Who closes one takes it out
// before.
class EpollSet {
 public:
  static Result<EpollSet> open();

  // Readable when one of them has one of its events.
  int fd() const { return set_.get(); }
  // With the events of poll(2). `mark` comes back with them. Watches it, or
  // watches it otherwise; with no events only for an error.
  Result<> watch(int fd, short events, std::uint64_t mark);
  void unwatch(int fd);

  struct Event {
    std::uint64_t mark = 0;
    short events = 0;
  };
  // Some of those that have events now; never waits.
  std::vector<Event> ready() const;

 private:
  explicit EpollSet(Fd set) : set_(std::move(set)) {}
  Fd set_;
};

}  // namespace faultrig
