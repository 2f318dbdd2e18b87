// The kernel keeps the exit status of a process in its pidfd, as long as one is
// open. Debian's headers are older than that: the numbers are those of
// include/uapi/linux/pidfd.h.
#include "harness/os/pidfd_end.h"

#include <sys/ioctl.h>

#include <cstdint>

namespace faultrig {

namespace {

struct PidfdAnswer {
  std::uint64_t mask = 0;
  std::uint64_t cgroup = 0;
  std::uint32_t numbers[11] = {};  // of it, its parent, its users and groups
  std::int32_t exit_code = 0;
};
static_assert(sizeof(PidfdAnswer) == 64);

constexpr std::uint64_t kWithExit = 1U << 3U;
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdAnswer);

}  // namespace

std::optional<int> end_behind(int pidfd) {
  PidfdAnswer answer;
  answer.mask = kWithExit;
  bool told =
      ioctl(pidfd, kGetInfo, &answer) == 0 && (answer.mask & kWithExit) != 0;
  return told ? std::optional(answer.exit_code) : std::nullopt;
}

}  // namespace faultrig
