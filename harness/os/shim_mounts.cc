// A workload that may mount can leave a mount below a folder of ours; removing
// the folder would then remove what is mounted there. umount2(2) with
// MNT_DETACH takes off a mount with all mounts below it, but the kernel passes
// that on to the peers of a shared mount (mount_namespaces(7)): of `mount
// --rbind / FOLDER/x` it would take the machine's own /proc and /sys along. So
// all of it is made private first. We get there from a descriptor of the folder
// above, one name at a time: nobody can lay a link into our way.
#include "harness/os/shim_mounts.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestMountinfo = std::size_t{64} << 20;
// Mounts can be laid over each other without end.
constexpr int kMostMounts = 10'000;
constexpr int kPointField = 4;

bool is_at_or_below(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) &&
                            path.substr(folder.size()).starts_with('/'));
}

std::string proc_path(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

Fd look_at(int folder, const std::string& name) {
  return Fd(openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

// 0, or the errno.
int take_off(int folder, const std::string& name) {
  Fd top = look_at(folder, name);
  if (!top) {
    return errno;
  }
  mount_attr attributes{};
  attributes.propagation = MS_PRIVATE;
  if (syscall(SYS_mount_setattr, top.get(), "", AT_EMPTY_PATH | AT_RECURSIVE,
              &attributes, sizeof attributes) != 0) {
    return errno;
  }
  std::string path = proc_path(folder) + "/" + name;
  return umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0 ? 0 : errno;
}

// `way`: from `folder` to the mount point.
int take_off_below(int folder, const fs::path& way) {
  Fd here;
  int at = folder;
  std::optional<std::uint64_t> ours = mount_of(folder);
  for (const fs::path& name : way.parent_path()) {
    Fd next = look_at(at, name.string());
    if (!next) {
      return errno;
    }
    if (!ours || mount_of(next.get()) != ours) {
      return EXDEV;  // not the folder that mountinfo told of
    }
    here = std::move(next);
    at = here.get();
  }
  return take_off(at, way.filename().string());
}

// The first one that has not been tried in vain; empty: none.
std::string first_point(const std::string& folder,
                        const std::vector<MountKept>& in_vain) {
  auto text = read_file(AT_FDCWD, "/proc/self/mountinfo", kLargestMountinfo);
  if (!text) {
    return "";
  }
  for (std::string& point : mount_points_below(*text, folder)) {
    if (std::none_of(in_vain.begin(), in_vain.end(), [&](const MountKept& one) {
          return is_at_or_below(point, one.point);
        })) {
      return std::move(point);
    }
  }
  return "";
}

bool enter_own_mounts() {
  return unshare(CLONE_NEWNS) == 0 &&
         mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace

std::optional<std::uint64_t> mount_of(int descriptor) {
  struct statx status {};
  // A file system whose server hangs is not asked.
  if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
            &status) != 0 ||
      (status.stx_mask & STATX_MNT_ID) == 0) {
    return std::nullopt;
  }
  return status.stx_mnt_id;
}

std::string without_mount_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool escape = text[at] == '\\' && at + 3 < text.size();
    out += escape ? static_cast<char>((text[at + 1] - '0') * 64 +
                                      (text[at + 2] - '0') * 8 +
                                      (text[at + 3] - '0'))
                  : text[at];
    at += escape ? 3 : 0;
  }
  return out;
}

std::vector<std::string> mount_points_below(std::string_view mountinfo,
                                            const std::string& folder) {
  std::vector<std::string> points;
  for (std::string_view line : lines_of(mountinfo)) {
    for (int field = 0; field < kPointField; ++field) {
      line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
    }
    std::string point = without_mount_escapes(line.substr(0, line.find(' ')));
    if (is_at_or_below(point, folder)) {
      points.push_back(std::move(point));
    }
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const std::string& a, const std::string& b) {
                     return a.size() < b.size();
                   });
  return points;
}

MountsFound take_off_mounts(const std::string& path) {
  MountsFound found;
  fs::path given(path);
  Fd above(open(given.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::error_code failed;
  std::string root =
      above ? fs::read_symlink(proc_path(above.get()), failed).string() : "";
  if (root.empty()) {
    return found;
  }
  std::string start = root == "/" ? root : root + "/";
  std::string folder = start + given.filename().string();
  for (int turn = 0; turn < kMostMounts; ++turn) {
    // What is below it goes with it, and what was below it comes to light.
    std::string point = first_point(folder, found.kept);
    if (point.empty()) {
      break;
    }
    int trouble = take_off_below(above.get(), point.substr(start.size()));
    if (trouble != 0) {
      found.kept.push_back({point, strerrordesc_np(trouble)});
    } else {
      found.taken_off.push_back(point);
    }
  }
  return found;
}

int forbid_exec_below(const char* path) {
  bool done = enter_own_mounts() &&
              mount(path, path, nullptr, MS_BIND, nullptr) == 0 &&
              mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_NOEXEC,
                    nullptr) == 0;
  return done ? 0 : errno;
}

int mount_over(const char* device, const char* path, const char* type) {
  bool done = enter_own_mounts() &&
              mount(device, path, type, MS_NOSUID | MS_NODEV, nullptr) == 0;
  return done ? 0 : errno;
}

}  // namespace faultrig
