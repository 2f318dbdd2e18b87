// Ubuntu 24.04 lets an ordinary user make a user namespace, in which AppArmor
// then refuses the mount (EACCES or EPERM): so all of it is tried.
#include "harness/os/disk_trial.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "harness/base/capabilities.h"
#include "harness/os/machine.h"
#include "harness/os/shim_disk.h"
#include "harness/os/tried_in_child.h"

namespace faultrig {

namespace {

// Where we may not be looked into, our own maps of users are closed to us.
int mount_over_all(const MountDisk& step) {
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  if (step.own_user && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return errno;
  }
  DiskFds made = kNoDisk;
  return mount_disk(step, made);
}

}  // namespace

MountDisk for_us(MountDisk step) {
  auto number = capability_number("CAP_SYS_ADMIN");
  step.own_user = !number || !has_capability(*number);
  step.uid = geteuid();
  step.gid = getegid();
  return step;
}

Result<> try_disk() {
  constexpr std::uint64_t kLittle = 1 << 20;
  MountDisk trial;
  trial.path = "/";
  trial.size = kLittle;
  trial.over_content = true;
  MountDisk step = for_us(std::move(trial));
  return tried_in_child("mount a disk of its own",
                        [&] { return mount_over_all(step); });
}

}  // namespace faultrig
