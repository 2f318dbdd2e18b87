#pragma once

#include <array>

#include "harness/os/shim_wire.h"

namespace faultrig {

// What a disk is known by outside of its mount namespace: the mount
// (fsmount(2)), what changes its size (fspick(2)), and the namespaces, of which
// that of users is -1 where it is ours.
using DiskFds = std::array<int, 4>;
inline constexpr DiskFds kNoDisk{-1, -1, -1, -1};

// Lays a new tmpfs(5) over the folder of the step, which must be empty unless
// it says otherwise, in a mount namespace of this process alone. With own_user
// that lies in the user namespace in which it is (shim_user.h). Descriptors are
// O_CLOEXEC. 0, or an errno: ENOTEMPTY where the folder has content. After
// fork: raw calls only.
int mount_disk(const MountDisk& step, DiskFds& made);

// Enters namespaces of another process that has such a disk (setns(2)); `users`
// may be -1. 0, or an errno. After fork.
int enter_disk(int users, int mounts);

}  // namespace faultrig
