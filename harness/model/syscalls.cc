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

constexpr MovingCall kMoving[] = {
    {"read", false, false, false},    {"write", true, false, false},
    {"pread64", false, true, false},  {"pwrite64", true, true, false},
    {"recvfrom", false, false, true}, {"sendto", true, false, true}};

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

std::vector<std::string> names_in(const CallClass& group) {
  std::vector<std::string> names;
  for (const Syscall& call : kCalls) {
    if (group.holds(call)) {
      names.emplace_back(call.name);
    }
  }
  return names;
}

}  // namespace

const MovingCall* moving_call(std::string_view name) {
  auto found =
      std::find_if(std::begin(kMoving), std::end(kMoving),
                   [&](const MovingCall& call) { return call.name == name; });
  return found == std::end(kMoving) ? nullptr : found;
}

const Syscall* find_syscall(std::string_view name) {
  auto found =
      std::find_if(std::begin(kCalls), std::end(kCalls),
                   [&](const Syscall& call) { return call.name == name; });
  return found == std::end(kCalls) ? nullptr : found;
}

std::span<const Syscall> all_syscalls() { return kCalls; }

std::vector<std::string> expand_call(std::string_view name_or_class) {
  auto group = std::find_if(
      kClasses.begin(), kClasses.end(),
      [&](const CallClass& row) { return row.name == name_or_class; });
  if (group != kClasses.end()) {
    return names_in(*group);
  }
  if (find_syscall(name_or_class) == nullptr) {
    return {};
  }
  return {std::string(name_or_class)};
}

std::vector<std::string> call_classes() {
  std::vector<std::string> names;
  names.reserve(kClasses.size());
  for (const CallClass& group : kClasses) {
    names.emplace_back(group.name);
  }
  return names;
}

}  // namespace faultrig
