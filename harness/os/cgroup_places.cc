// The only file that knows libcgroup, and it asks it for one thing: which
// controller is mounted where. Making, limiting and removing groups is done by
// hand (cgroup.cc): libcgroup 2.0.2 reports success for groups that it did not
// make or remove, and writes every ancestor's subtree_control, which a
// delegated user may not.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <map>
#include <optional>
#include <sstream>

#include <libcgroup.h>

#include "harness/base/text.h"
#include "harness/os/cgroup.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

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

struct Mount {
  std::string root;  // which part of the hierarchy is mounted
  std::string point;
  bool v2 = false;
};

// mountinfo in proc(5): fields 4 and 5, and the type behind " - ".
std::vector<Mount> cgroup_mounts() {
  std::vector<Mount> mounts;
  auto text = read_file(AT_FDCWD, "/proc/self/mountinfo", 4 << 20);
  if (!text) {
    return mounts;
  }
  for (std::string_view line : lines_of(*text)) {
    std::istringstream fields{std::string(line)};
    std::string skip;
    Mount mount;
    fields >> skip >> skip >> skip >> mount.root >> mount.point;
    mount.v2 = line.find(" - cgroup2 ") != std::string_view::npos;
    if (mount.v2 || line.find(" - cgroup ") != std::string_view::npos) {
      mounts.push_back(mount);
    }
  }
  return mounts;
}

// Our own group by controller list, as /proc/self/cgroup has it: "" is v2.
std::string own_group(const std::string& controller) {
  auto text = read_file(AT_FDCWD, "/proc/self/cgroup");
  if (!text) {
    return "/";
  }
  for (std::string_view line : lines_of(*text)) {
    std::size_t first = line.find(':');
    std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) {
      continue;
    }
    std::string_view list = line.substr(first + 1, second - first - 1);
    std::string padded = "," + std::string(list) + ",";
    bool found = controller.empty()
                     ? list.empty()
                     : padded.find("," + controller + ",") != std::string::npos;
    if (found) {
      return std::string(line.substr(second + 1));
    }
  }
  return "/";
}

// The folder of our own group under a mount; empty if it does not show there.
std::string own_folder(const Mount& mount, const std::string& group) {
  std::string below = group;
  if (mount.root != "/" && below.starts_with(mount.root)) {
    below = below.substr(mount.root.size());
  }
  std::string folder = normal_path(mount.point + "/" + below);
  return access(folder.c_str(), F_OK) == 0 ? folder : mount.point;
}

bool is_word_in(const std::string& file, const std::string& word) {
  auto text = read_file(AT_FDCWD, file);
  std::istringstream words(text ? *text : "");
  for (std::string one; words >> one;) {
    if (one == word) {
      return true;
    }
  }
  return false;
}

bool enable_memory(const std::string& folder) {
  std::string control = folder + "/cgroup.subtree_control";
  return is_word_in(control, "memory") ||
         write_file(AT_FDCWD, control, "+memory").has_value();
}

// A group below the v2 root may have either processes or controllers for its
// children. If only we are in the way, we move to a leaf.
bool step_aside(const std::string& folder) {
  std::string leaf = folder + "/faultrig-self-" + std::to_string(getpid());
  if (mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) {
    return false;
  }
  for (int pid : members_of(folder)) {
    (void)write_file(AT_FDCWD, leaf + "/cgroup.procs", std::to_string(pid));
  }
  return enable_memory(folder);
}

std::string v2_memory_folder(const Mount& mount) {
  if (!is_word_in(mount.point + "/cgroup.controllers", "memory")) {
    return "";
  }
  std::string own = own_folder(mount, own_group(""));
  // The true root is exempt from the rule, and root may use it.
  if (geteuid() == 0 && enable_memory(mount.point)) {
    return mount.point;
  }
  if (!is_word_in(own + "/cgroup.controllers", "memory") ||
      access(own.c_str(), W_OK) != 0) {
    return "";
  }
  return enable_memory(own) || step_aside(own) ? own : "";
}

std::optional<Mount> mount_at(const std::string& point) {
  for (const Mount& mount : cgroup_mounts()) {
    if (mount.point == point) {
      return mount;
    }
  }
  return std::nullopt;
}

// The v1 folder of a controller in which we may make groups; empty: none.
std::string v1_folder(const char* controller) {
  auto mount = mount_at(mount_point_of(controller));
  if (!mount || mount->v2) {
    return "";
  }
  std::string folder = own_folder(*mount, own_group(controller));
  return access(folder.c_str(), W_OK) == 0 ? folder : "";
}

std::string reason_without_memory(bool mounted) {
  if (!mounted) {
    return "no memory controller is mounted";
  }
  return geteuid() == 0 ? "the memory cgroup is read-only here"
                        : "not writable for this user";
}

}  // namespace

CgroupPlaces find_cgroup_places() {
  CgroupPlaces places;
  // libcgroup logs to stdout by default: results live there.
  cgroup_set_logger([](void*, int, const char*, va_list) {}, CGROUP_LOG_ERROR,
                    nullptr);
  bool ready = cgroup_init() == 0;
  std::optional<Mount> v2;
  for (const Mount& mount : cgroup_mounts()) {
    v2 = mount.v2 && !v2 ? std::optional(mount) : v2;
  }
  if (ready) {
    places.memory = v1_folder("memory");
    places.kill = v1_folder("freezer");
    places.pids = v1_folder("pids");
  }
  if (places.memory.empty() && v2) {
    places.memory = v2_memory_folder(*v2);
    places.memory_v2 = !places.memory.empty();
  }
  if (places.memory_v2) {
    places.kill = places.memory;
    places.kill_v2 = true;
  } else if (places.kill.empty() && v2) {
    std::string own = own_folder(*v2, own_group(""));
    places.kill_v2 = access(own.c_str(), W_OK) == 0;
    places.kill = places.kill_v2 ? own : "";
  }
  if (places.memory.empty()) {
    places.why_no_memory = reason_without_memory(ready);
  }
  return places;
}

}  // namespace faultrig
