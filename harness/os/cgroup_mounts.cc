// Paths in /proc/self/cgroup are seen from the root of our cgroup namespace,
// and start with `/..` when our group lies outside it (cgroup_namespaces(7));
// paths in mountinfo may be seen from a folder below the true root, as in a
// container that was handed a part of its host's tree.
#include "harness/os/cgroup_mounts.h"

#include <sstream>

#include "harness/base/text.h"
#include "harness/os/shim_mounts.h"

namespace faultrig {

namespace {

bool is_below(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder + "/");
}

}  // namespace

std::vector<CgroupMount> cgroup_mounts_in(std::string_view mountinfo) {
  std::vector<CgroupMount> mounts;
  for (std::string_view line : lines_of(mountinfo)) {
    std::istringstream fields{std::string(line)};
    std::string skip;
    CgroupMount mount;
    fields >> skip >> skip >> skip >> mount.root >> mount.point;
    mount.root = without_mount_escapes(mount.root);
    mount.point = without_mount_escapes(mount.point);
    mount.v2 = line.find(" - cgroup2 ") != std::string_view::npos;
    if (mount.v2 || line.find(" - cgroup ") != std::string_view::npos) {
      mounts.push_back(mount);
    }
  }
  return mounts;
}

bool is_foreign(const CgroupMount& mount) {
  return is_below(mount.root, "/..");
}

std::string own_group_in(std::string_view text, std::string_view controller) {
  for (std::string_view line : lines_of(text)) {
    std::size_t first = line.find(':');
    std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) {
      continue;
    }
    std::string_view list = line.substr(first + 1, second - first - 1);
    std::string padded = "," + std::string(list) + ",";
    std::string wanted = "," + std::string(controller) + ",";
    if (controller.empty() ? list.empty()
                           : padded.find(wanted) != std::string::npos) {
      return std::string(line.substr(second + 1));
    }
  }
  return "/";
}

std::string folder_in(const CgroupMount& mount, const std::string& group) {
  if (is_below(group, "/..")) {
    return mount.point;
  }
  if (mount.root == "/") {
    return normal_path(mount.point + group);
  }
  return is_below(group, mount.root)
             ? normal_path(mount.point + group.substr(mount.root.size()))
             : mount.point;
}

}  // namespace faultrig
