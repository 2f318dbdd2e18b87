// The leaf has the same name for everybody, and a lock tells who is left: the
// kernel drops it however its holder ends, so what a killed process leaves is
// tidied by the next one.
#include "harness/os/cgroup_stay.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "harness/base/controller.h"
#include "harness/os/cgroup_files.h"
#include "harness/os/cgroup_limits.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Processes may fork while they are moved: those are moved in the next turn.
constexpr int kMostTurns = 100;

// All that we ever enable, the one that the others need not be there for first.
constexpr std::array<std::string_view, 3> kControllers{
    "memory", controller_name(Controller::pids),
    controller_name(Controller::cpu)};

std::string control_of(const std::string& folder) {
  return folder + "/cgroup.subtree_control";
}

bool gives(const std::string& folder, std::string_view controller) {
  return has_word(control_of(folder), controller);
}

// `user.` is for whoever owns the folder, `trusted.` for root, on kernels that
// lack the first (5.6 and older), and without a mark nothing is taken back but
// what stands beside our leaf.
std::array<std::string, 2> marks(std::string_view controller) {
  std::string name = "faultrig." + std::string(controller);
  return {"user." + name, "trusted." + name};
}

void mark(const std::string& folder, std::string_view controller) {
  for (const std::string& name : marks(controller)) {
    if (setxattr(folder.c_str(), name.c_str(), "1", 1, 0) == 0) {
      return;
    }
  }
}

bool is_marked(const std::string& folder, std::string_view controller) {
  char value = 0;
  for (const std::string& name : marks(controller)) {
    if (getxattr(folder.c_str(), name.c_str(), &value, 1) == 1) {
      return true;
    }
  }
  return false;
}

void unmark(const std::string& folder, std::string_view controller) {
  for (const std::string& name : marks(controller)) {
    removexattr(folder.c_str(), name.c_str());
  }
}

Result<> write_control(const std::string& folder, char sign,
                       std::string_view controller) {
  return write_file(AT_FDCWD, control_of(folder),
                    sign + std::string(controller));
}

Result<> give(const std::string& folder, std::string_view controller) {
  if (gives(folder, controller)) {
    return Ok{};
  }
  TRY(write_control(folder, '+', controller));
  mark(folder, controller);
  return Ok{};
}

// What a reader of its own group's files is to find there: carry_limits().
void give_the_others(const std::string& folder) {
  auto give_if_there = [&](std::string_view controller) {
    if (has_word(folder + "/cgroup.controllers", controller)) {
      (void)give(folder, controller);
    }
  };
  give_if_there(controller_name(Controller::pids));
  if (limit_from_above(folder, "cpu.max")) {
    give_if_there(controller_name(Controller::cpu));
  }
}

std::string leaf_of(const std::string& folder) {
  return folder + "/" + std::string(kAsideLeaf);
}

Result<> move_all(const std::string& from, const std::string& to) {
  for (int turn = 0; turn < kMostTurns; ++turn) {
    std::vector<int> pids = members_of(from);
    if (pids.empty()) {
      return Ok{};
    }
    for (int pid : pids) {
      auto moved =
          write_file(AT_FDCWD, to + "/cgroup.procs", std::to_string(pid));
      if (!moved && moved.error().os_errno != ESRCH) {
        return moved.error();
      }
    }
  }
  return system_error("move the processes out of " + from, EBUSY);
}

Result<> step_aside(const std::string& folder) {
  std::string leaf = leaf_of(folder);
  if (mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) {
    return system_error("make the cgroup " + leaf, errno);
  }
  Result<> moved = move_all(folder, leaf);
  Result<> given = moved ? give(folder, kControllers.front()) : moved;
  if (!given) {
    (void)move_all(leaf, folder);
    rmdir(leaf.c_str());
  }
  return given;
}

// Of ours: one that lives. Of others: one with settings that would be lost.
bool is_in_use(const fs::path& group) {
  std::string name = group.filename().string();
  return name.starts_with("faultrig-") ||
         restrains(group.string(), kControllers);
}

bool has_groups_in_use(const std::string& folder) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_directory(failed) && at->path().filename() != kAsideLeaf &&
        is_in_use(at->path())) {
      return true;
    }
  }
  return static_cast<bool>(failed);
}

// Before the leaf there could be none of them.
bool take_back(const std::string& folder, bool has_leaf) {
  bool all = true;
  for (std::string_view controller : kControllers) {
    if (!gives(folder, controller)) {
      unmark(folder, controller);
    } else if (has_leaf || is_marked(folder, controller)) {
      bool taken = static_cast<bool>(write_control(folder, '-', controller));
      all = all && taken;
      if (taken) {
        unmark(folder, controller);
      }
    }
  }
  return all;
}

}  // namespace

Result<std::shared_ptr<const CgroupStay>> CgroupStay::begin(
    const std::string& folder, bool aside) {
  if (access(control_of(folder).c_str(), W_OK) != 0) {
    return system_error("write " + control_of(folder), errno);
  }
  TRY_ASSIGN(Fd lock, open_file(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY));
  // Waits only for one who is just leaving.
  while (flock(lock.get(), LOCK_SH) != 0) {
    if (errno != EINTR) {
      return system_error("lock " + folder, errno);
    }
  }
  Result<> given = give(folder, kControllers.front());
  if (!given && !aside) {
    return given.error();
  }
  if (!given) {
    TRY(step_aside(folder));
  }
  give_the_others(folder);
  std::string leaf = leaf_of(folder);
  if (access(leaf.c_str(), F_OK) == 0) {
    carry_limits(leaf, true);
  }
  return std::shared_ptr<const CgroupStay>(
      new CgroupStay(folder, std::move(lock)));
}

Result<> CgroupStay::add(std::string_view controller) const {
  return give(folder_, controller);
}

CgroupStay::~CgroupStay() {
  std::string leaf = leaf_of(folder_);
  bool has_leaf = access(leaf.c_str(), F_OK) == 0;
  bool enabled = std::any_of(
      kControllers.begin(), kControllers.end(),
      [&](std::string_view one) { return is_marked(folder_, one); });
  if ((!has_leaf && !enabled) || flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 ||
      has_groups_in_use(folder_)) {
    return;
  }
  if (take_back(folder_, has_leaf) && has_leaf && move_all(leaf, folder_)) {
    rmdir(leaf.c_str());
  }
}

}  // namespace faultrig
