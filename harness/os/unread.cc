#include "harness/os/unread.h"

#include <sys/ioctl.h>

namespace faultrig {

std::int64_t unread_in(const Fd& end) {
  int bytes = 0;
  return end && ioctl(end.get(), FIONREAD, &bytes) == 0 ? bytes : 0;
}

}  // namespace faultrig
