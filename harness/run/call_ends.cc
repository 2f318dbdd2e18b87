// The kernel tells of a call before it runs (seccomp_unotify(2)), and of its
// end nobody. Where a thread sleeps says /proc/TID/syscall (proc(5)): in this
// call, in another one, or in none. Of one that runs it says nothing: it is
// asked again.
#include "harness/run/call_ends.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace faultrig {

namespace {

constexpr std::chrono::nanoseconds kFirst = std::chrono::microseconds(100);
constexpr std::chrono::nanoseconds kSlowest = std::chrono::milliseconds(5);

}  // namespace

void CallEnds::follow(const Notification& call, std::function<void()> then) {
  followed_[call.id] = {call, std::move(then)};
  loop_.after(kFirst, [this, id = call.id] { look(id, kFirst); });
}

void CallEnds::look(std::uint64_t id, std::chrono::nanoseconds pause) {
  auto found = followed_.find(id);
  if (found == followed_.end()) {
    return;
  }
  std::optional<bool> inside = is_in_call(found->second.call);
  if (inside && !*inside) {
    finish(id);
    return;
  }
  // What sleeps there may sleep long; what runs has left it soon.
  auto next = inside ? std::min(pause * 2, kSlowest) : kFirst;
  loop_.after(next, [this, id, next] { look(id, next); });
}

void CallEnds::calls_again(int tid) {
  std::vector<std::uint64_t> ended;
  for (const auto& [id, one] : followed_) {
    if (one.call.tid == tid) {
      ended.push_back(id);
    }
  }
  for (std::uint64_t id : ended) {
    finish(id);
  }
}

void CallEnds::finish(std::uint64_t id) {
  auto found = followed_.find(id);
  if (found != followed_.end()) {
    auto then = std::move(found->second.then);
    followed_.erase(found);
    then();
  }
}

}  // namespace faultrig
