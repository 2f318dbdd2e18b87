#include "harness/model/syscalls.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace faultrig {

namespace {

#define SYSCALL(name, path, dirfd, fd, network, makes_fd) \
  Syscall{#name, path, dirfd, fd, network, makes_fd},
constexpr Syscall kCalls[] = {
#include "harness/model/syscalls.def"
};
#undef SYSCALL

// strace's classes take in what has such an argument or result, not what
// reaches descriptors through memory, such as poll(2).
struct CallClass {
  std::string_view name;
  bool (*holds)(const Syscall&);
};

constexpr std::array<CallClass, 3> kClasses{{
    {"%file", [](const Syscall& call) { return call.path_argument >= 0; }},
    {"%desc",
     [](const Syscall& call) {
       return call.fd_argument >= 0 || call.dirfd_argument >= 0 ||
              call.makes_fd;
     }},
    {"%network", [](const Syscall& call) { return call.network; }},
}};

}  // namespace

const Syscall* find_syscall(std::string_view name) {
  auto found =
      std::find_if(std::begin(kCalls), std::end(kCalls),
                   [&](const Syscall& call) { return call.name == name; });
  return found == std::end(kCalls) ? nullptr : found;
}

std::span<const Syscall> all_syscalls() { return kCalls; }

std::vector<std::string> expand_call(std::string_view name_or_class) {
  std::vector<std::string> names;
  for (const CallClass& group : kClasses) {
    if (group.name != name_or_class) {
      continue;
    }
    for (const Syscall& call : kCalls) {
      if (group.holds(call)) {
        names.emplace_back(call.name);
      }
    }
    return names;
  }
  if (find_syscall(name_or_class) != nullptr) {
    names.emplace_back(name_or_class);
  }
  return names;
}

std::vector<std::string> call_classes() {
  std::vector<std::string> names;
  for (const CallClass& group : kClasses) {
    names.emplace_back(group.name);
  }
  return names;
}

}  // namespace faultrig
