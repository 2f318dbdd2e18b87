// The only file that knows libcgroup, and it asks it for one thing: which
// controller is mounted where. Making, limiting and removing groups is done by
// hand (cgroup.cc): libcgroup 2.0.2 reports success for groups that it did not
// make or remove, and writes every ancestor's subtree_control, which a
// delegated user may not. It also writes to stdout when it is unhappy, and
// finds nothing at all where no cgroup file system is mounted.
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <libcgroup.h>

#include "harness/base/text.h"
#include "harness/os/cgroup.h"
#include "harness/os/cgroup_files.h"
#include "harness/os/cgroup_limits.h"
#include "harness/os/cgroup_mounts.h"
#include "harness/os/delegation.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

constexpr const char* kDelegate =
    "systemd-run --user --scope -p Delegate=yes faultrig run";
constexpr const char* kDelegateRoot =
    "systemd-run --scope -p Delegate=yes faultrig run";
constexpr const char* kAsRoot = "sudo faultrig run";
constexpr const char* kSystemd = "/run/systemd/system";  // sd_booted(3)
constexpr const char* kWritable =
    "a container with its cgroup mounted read-write";

struct Surroundings {
  std::vector<CgroupMount> mounts;
  std::string own;  // /proc/self/cgroup
};

std::string text_of(const char* path) {
  auto text = read_file(AT_FDCWD, path, 4 << 20);
  return text ? *text : "";
}

// The folder that libcgroup believes a controller is mounted at; empty: none.
std::string mount_point_of(const char* controller) {
  char* path = nullptr;
  if (cgroup_get_subsys_mount_point(controller, &path) != 0 ||
      path == nullptr) {
    return "";
  }
  std::string out(path);
  free(path);
  return out;
}

bool is_there(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

// To make groups one writes the folder; to move what stands in it to them, or
// to join one from it, its list of processes (cgroups(7), delegation).
bool may_use(const std::string& folder, const char* processes) {
  return access(folder.c_str(), W_OK) == 0 &&
         access((folder + processes).c_str(), W_OK) == 0;
}

const char* way_to_memory(bool v2) {
  const char* from_others = v2 && is_there(kSystemd) ? kDelegate : kAsRoot;
  return geteuid() == 0 ? kWritable : from_others;
}

// Of a folder that may_use() denied.
void explain(const std::string& folder, bool v2, CgroupPlaces& places) {
  struct statvfs status {};
  bool fixed =
      statvfs(folder.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
  places.why_no_memory = folder + (fixed ? " is mounted read-only"
                                         : " is not writable for this user");
  places.how_to_get_memory = fixed ? kWritable : way_to_memory(v2);
}

// One of our own cgroup namespace, if there is.
std::optional<CgroupMount> v2_mount(const Surroundings& around) {
  std::optional<CgroupMount> found;
  for (const CgroupMount& mount : around.mounts) {
    if (mount.v2 && (!found || is_foreign(*found))) {
      found = mount;
    }
  }
  return found;
}

bool stands_in(const std::string& folder) {
  std::vector<int> pids = members_of(folder);
  return std::find(pids.begin(), pids.end(), getpid()) != pids.end();
}

// Empty: our group does not show, and the mount point is that of another, which
// may be out of a cap of ours.
std::string own_folder(const CgroupMount& mount, const Surroundings& around,
                       const char* controller) {
  std::string group = own_group_in(around.own, controller);
  std::string folder = folder_in(mount, group);
  bool shows =
      is_there(folder) && (folder != mount.point || group == mount.root);
  if (shows) {
    return folder;
  }
  return stands_in(mount.point) ? mount.point : "";
}

// Our own group, or the one around it if we stand in its leaf already.
std::string v2_home(const CgroupMount& mount, const Surroundings& around) {
  std::filesystem::path own = own_folder(mount, around, "");
  return own.filename() == kAsideLeaf ? own.parent_path().string()
                                      : own.string();
}

bool is_given(const std::string& home, const std::string& top) {
  return delegation_of(home, top) == Delegation::granted &&
         has_word(home + "/cgroup.controllers", "memory");
}

// A group that systemd has given us is the best: what it ends, it ends whole.
// Else root goes up, where nobody has to step aside, but not out of a group
// that holds anything down: a limit, a share, a program. At the true root,
// which alone lacks cgroup.type, groups and processes may stand side by side.
std::string place_for(const CgroupMount& mount, const Surroundings& around) {
  std::string home = v2_home(mount, around);
  bool true_root = !is_there(mount.point + "/cgroup.type");
  if (home.empty() || geteuid() != 0 || !true_root ||
      is_given(home, mount.point)) {
    return home;
  }
  std::filesystem::path at = home;
  while (at != mount.point && at.has_relative_path() &&
         !restrains(at.string())) {
    at = at.parent_path();
  }
  return at.string();
}

// Root may do to a unit what it likes; systemd would not bear it.
bool is_withheld(const std::string& home, const std::string& top) {
  Delegation said = delegation_of(home, top);
  return said == Delegation::withheld ||
         (said == Delegation::unknown && geteuid() == 0 && is_there(kSystemd) &&
          !is_there(top + "/cgroup.type"));
}

void take_v2_memory(const CgroupMount& mount, const Surroundings& around,
                    CgroupPlaces& places) {
  if (is_foreign(mount)) {
    places.why_no_memory = mount.point + " is of another cgroup namespace";
    places.how_to_get_memory = kWritable;
    return;
  }
  std::string home = place_for(mount, around);
  bool ours = home == v2_home(mount, around);
  places.how_to_get_memory = way_to_memory(true);
  if (home.empty()) {
    places.why_no_memory = "our cgroup does not show at " + mount.point;
    return;
  }
  if (!may_use(home, "/cgroup.procs")) {
    explain(home, true, places);
    return;
  }
  if (!has_word(home + "/cgroup.controllers", "memory")) {
    places.why_no_memory = home + " has no memory controller";
    return;
  }
  if (ours && home != mount.point && is_withheld(home, mount.point)) {
    places.why_no_memory = home + " is not delegated by systemd";
    places.how_to_get_memory = geteuid() == 0 ? kDelegateRoot : kDelegate;
    return;
  }
  auto stay = CgroupStay::begin(home, ours);
  if (!stay) {
    places.why_no_memory = stay.error().what;
    return;
  }
  places.stay = *stay;
  places.memory = home;
  places.memory_v2 = true;
  places.kill = home;
  places.kill_v2 = true;
}

// The v1 folder of a controller; empty: it is not mounted as v1.
std::string v1_folder(const char* controller, const Surroundings& around) {
  std::string point = mount_point_of(controller);
  for (const CgroupMount& mount : around.mounts) {
    if (mount.point == point && !mount.v2) {
      return own_folder(mount, around, controller);
    }
  }
  return "";
}

void take_v1(const Surroundings& around, CgroupPlaces& places) {
  std::string memory = v1_folder("memory", around);
  if (!memory.empty() && may_use(memory, "/tasks")) {
    places.memory = memory;
  } else if (!memory.empty()) {
    explain(memory, false, places);
  }
  auto usable = [&](const char* controller) {
    std::string folder = v1_folder(controller, around);
    return !folder.empty() && may_use(folder, "/tasks") ? folder : "";
  };
  places.kill = usable("freezer");
  places.pids = usable(controller_name(Controller::pids).data());
  places.cpu = usable(controller_name(Controller::cpu).data());
}

}  // namespace

CgroupPlaces find_cgroup_places() {
  CgroupPlaces places;
  places.why_no_memory = "no memory controller is mounted";
  places.how_to_get_memory = "mount -t cgroup2 none /sys/fs/cgroup, as root";
  Surroundings around{cgroup_mounts_in(text_of("/proc/self/mountinfo")),
                      text_of("/proc/self/cgroup")};
  // libcgroup logs to stdout by default: results live there.
  cgroup_set_logger([](void*, int, const char*, va_list) {}, CGROUP_LOG_ERROR,
                    nullptr);
  if (cgroup_init() == 0) {
    take_v1(around, places);
  }
  auto v2 = v2_mount(around);
  bool shows = v2 && !is_foreign(*v2);
  places.own = shows ? own_folder(*v2, around, "") : "";
  bool v1_memory = !v1_folder("memory", around).empty();
  if (v2 && !v1_memory) {
    take_v2_memory(*v2, around, places);
  }
  if (shows && places.kill.empty()) {
    std::string home = place_for(*v2, around);
    places.kill_v2 = may_use(home, "/cgroup.procs");
    places.kill = places.kill_v2 ? home : "";
  }
  if (!places.memory.empty()) {
    places.why_no_memory.clear();
    places.how_to_get_memory.clear();
  }
  return places;
}

}  // namespace faultrig
