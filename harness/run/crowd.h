#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "harness/os/epoll_set.h"
#include "harness/run/loop.h"

namespace faultrig {

// Thousands of descriptors that a Loop sees as one: what a step of the loop
// costs depends on those that have events, not on those that are there.
class Crowd {
 public:
  explicit Crowd(Loop& loop) : loop_(loop) {}
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  // As of Loop; `events` may change. An error: it is not watched.
  Result<> watch(int fd, short events, Loop::Ready ready);
  void unwatch(int fd);

 private:
  struct Member {
    int fd = -1;
    Loop::Ready ready;
  };
  void look();

  Loop& loop_;
  std::optional<EpollSet> set_;
  std::map<std::uint64_t, Member> members_;
  std::map<int, std::uint64_t> marks_;
  std::uint64_t last_ = 0;
};

}  // namespace faultrig
