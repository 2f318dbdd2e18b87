// poll(2) is told all descriptors each time, epoll(7) each once. A mark names a
// member, not its number: who is called first may close another, and make a
// third that gets its number.
#include "harness/run/crowd.h"

#include <poll.h>

#include <utility>

namespace faultrig {

Crowd::~Crowd() {
  if (set_) {
    loop_.unwatch(set_->fd());
  }
}

Result<> Crowd::watch(int fd, short events, Loop::Ready ready) {
  if (!set_) {
    TRY_ASSIGN(EpollSet set, EpollSet::open());
    set_ = std::move(set);
    loop_.watch(set_->fd(), POLLIN, [this](short) { look(); });
  }
  auto known = marks_.find(fd);
  std::uint64_t mark = known == marks_.end() ? ++last_ : known->second;
  TRY(set_->watch(fd, events, mark));
  marks_[fd] = mark;
  members_[mark] = {fd, std::move(ready)};
  return Ok{};
}

void Crowd::unwatch(int fd) {
  auto known = marks_.find(fd);
  if (known != marks_.end()) {
    members_.erase(known->second);
    marks_.erase(known);
    set_->unwatch(fd);
  }
}

void Crowd::look() {
  for (const EpollSet::Event& event : set_->ready()) {
    auto member = members_.find(event.mark);
    if (member != members_.end()) {
      Loop::Ready call = member->second.ready;
      call(event.events);
    }
  }
}

}  // namespace faultrig
