// close_range(2) closes between what is kept; prlimit(2) lets a soft limit grow
// to the hard one; setns(2) moves one thread, and we have only one.
#include "harness/os/stand_apart.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace faultrig {

namespace {

void have_many_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace

void close_all_but(std::vector<int> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned first = STDERR_FILENO + 1;
  for (int number : keep) {
    auto next = static_cast<unsigned>(number);
    if (number < 0 || next < first) {
      continue;
    }
    if (next > first) {
      syscall(SYS_close_range, first, next - 1, 0U);
    }
    first = next + 1;
  }
  syscall(SYS_close_range, first, ~0U, 0U);
}

Result<> stand_apart(const std::vector<int>& spaces, std::vector<int> keep) {
  keep.insert(keep.end(), spaces.begin(), spaces.end());
  close_all_but(std::move(keep));
  have_many_descriptors();
  for (int space : spaces) {
    if (setns(space, 0) != 0) {
      return system_error("enter a namespace of the service", errno);
    }
  }
  return Ok{};
}

}  // namespace faultrig
