// Ubuntu 24.04 lets an ordinary user make a user namespace, in which AppArmor
// then refuses the mount (EACCES or EPERM): so all of it is tried.
#include "harness/os/disk_trial.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/own_user.h"
#include "harness/os/shim_disk.h"
#include "harness/os/shim_user.h"
#include "harness/os/tried_in_child.h"

namespace faultrig {

namespace {

// Where we may not be looked into, our own maps of users are closed to us.
int mount_over_all(const MountDisk& step) {
  User user{geteuid(), getegid()};
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  if (step.own_user && unshare(CLONE_NEWUSER) != 0) {
    return errno;
  }
  int failed = step.own_user ? stay_user(user) : 0;
  DiskFds made = kNoDisk;
  return failed != 0 ? failed : mount_disk(step, made);
}

}  // namespace

Result<> try_disk() {
  constexpr std::uint64_t kLittle = 1 << 20;
  MountDisk trial;
  trial.path = "/";
  trial.size = kLittle;
  trial.over_content = true;
  trial.own_user = needs_own_user();
  return tried_in_child("mount a disk of its own",
                        [&] { return mount_over_all(trial); });
}

}  // namespace faultrig
