// The list of mounts takes longer to read than a short program to run, and
// hardly ever changes. The mark of a change belongs to the open file and goes
// when it is asked for; a mount in another namespace that reaches ours changes
// ours too.
#include "harness/os/mount_watch.h"

#include <fcntl.h>
#include <poll.h>

namespace faultrig {

MountWatch::MountWatch()
    : file_(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)) {}

bool MountWatch::changed() {
  pollfd one{file_.get(), POLLPRI, 0};
  return !file_ || poll(&one, 1, 0) != 0;
}

}  // namespace faultrig
