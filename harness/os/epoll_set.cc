// The events of epoll_ctl(2) that poll(2) has too have the same numbers there.
#include "harness/os/epoll_set.h"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <utility>

namespace faultrig {

Result<EpollSet> EpollSet::open() {
  Fd set(epoll_create1(EPOLL_CLOEXEC));
  if (!set) {
    return system_error("make an epoll set", errno);
  }
  return EpollSet(std::move(set));
}

Result<> EpollSet::watch(int fd, short events, std::uint64_t mark) {
  epoll_event wanted{};
  wanted.events = static_cast<std::uint32_t>(events);
  wanted.data.u64 = mark;
  bool there = epoll_ctl(set_.get(), EPOLL_CTL_MOD, fd, &wanted) == 0;
  if (!there && (errno != ENOENT ||
                 epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &wanted) != 0)) {
    return system_error("watch a descriptor", errno);
  }
  return Ok{};
}

void EpollSet::unwatch(int fd) {
  (void)epoll_ctl(set_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

std::vector<EpollSet::Event> EpollSet::ready() const {
  std::array<epoll_event, 256> some{};
  int count = epoll_wait(set_.get(), some.data(), some.size(), 0);
  std::vector<Event> out;
  for (int i = 0; i < count; ++i) {
    const epoll_event& one = some[static_cast<std::size_t>(i)];
    out.push_back({one.data.u64, static_cast<short>(one.events)});
  }
  return out;
}

}  // namespace faultrig
