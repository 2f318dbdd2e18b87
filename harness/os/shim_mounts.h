#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// The number of the mount that a descriptor is on (STATX_MNT_ID in statx(2)):
// what is bound elsewhere has another one, though its st_dev is the same.
// Nothing: the kernel does not tell.
std::optional<std::uint64_t> mount_of(int descriptor);

// A path of /proc/self/mountinfo, which writes blanks, tabs, newlines and
// backslashes as three octal digits: `\040`.
std::string without_mount_escapes(std::string_view text);

// The mount points at `folder` and below in the text of a mountinfo
// (proc_pid_mountinfo(5)), the shortest first.
std::vector<std::string> mount_points_below(std::string_view mountinfo,
                                            const std::string& folder);

struct MountKept {
  std::string point;
  std::string why;
};

// What was mounted on a folder of ours, and below.
struct MountsFound {
  std::vector<std::string> taken_off;  // mount points
  std::vector<MountKept> kept;         // and still there
};

// Takes off, in our own mount namespace, all that is mounted on the folder at
// `path` and below, and on nothing else: follows no symbolic link below the
// folder that `path` lies in, and changes nothing of what was mounted there.
MountsFound take_off_mounts(const std::string& path);

// Mounts a folder on itself without exec rights, in a mount namespace of this
// process alone. 0, or an errno. After fork.
int forbid_exec_below(const char* path);

// Mounts a device, which has a file system of this type, over a folder, in a
// mount namespace of this process alone. 0, or an errno. After fork.
int mount_over(const char* device, const char* path, const char* type);

}  // namespace faultrig
