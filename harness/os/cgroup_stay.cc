// The leaf has the same name for everybody, and a lock tells who is left: the
// kernel drops it however its holder ends, so what a killed process leaves is
// tidied by the next one.
#include "harness/os/cgroup_stay.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <sstream>

#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Processes may fork while they are moved: those are moved in the next turn.
constexpr int kMostTurns = 100;

bool gives_memory(const std::string& folder) {
  auto text = read_file(AT_FDCWD, folder + "/cgroup.subtree_control");
  std::istringstream words(text ? *text : "");
  for (std::string word; words >> word;) {
    if (word == "memory") {
      return true;
    }
  }
  return false;
}

Result<> give_memory(const std::string& folder, const char* what) {
  return write_file(AT_FDCWD, folder + "/cgroup.subtree_control", what);
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
  std::string leaf = folder + "/" + std::string(kAsideLeaf);
  if (mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) {
    return system_error("make the cgroup " + leaf, errno);
  }
  Result<> moved = move_all(folder, leaf);
  Result<> given = moved ? give_memory(folder, "+memory") : moved;
  if (!given) {
    (void)move_all(leaf, folder);
    rmdir(leaf.c_str());
  }
  return given;
}

bool has_other_groups(const std::string& folder) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_directory(failed) && at->path().filename() != kAsideLeaf) {
      return true;
    }
  }
  return static_cast<bool>(failed);
}

}  // namespace

Result<std::shared_ptr<const CgroupStay>> CgroupStay::begin(
    const std::string& folder) {
  if (access((folder + "/cgroup.subtree_control").c_str(), W_OK) != 0) {
    return system_error("write " + folder + "/cgroup.subtree_control", errno);
  }
  TRY_ASSIGN(Fd lock, open_file(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY));
  // Waits only for one who is just leaving.
  while (flock(lock.get(), LOCK_SH) != 0) {
    if (errno != EINTR) {
      return system_error("lock " + folder, errno);
    }
  }
  if (!gives_memory(folder) && !give_memory(folder, "+memory")) {
    TRY(step_aside(folder));
  }
  return std::shared_ptr<const CgroupStay>(
      new CgroupStay(folder, std::move(lock)));
}

CgroupStay::~CgroupStay() {
  std::string leaf = folder_ + "/" + std::string(kAsideLeaf);
  if (access(leaf.c_str(), F_OK) != 0 ||
      flock(lock_.get(), LOCK_EX | LOCK_NB) != 0 || has_other_groups(folder_)) {
    return;
  }
  if (give_memory(folder_, "-memory") && move_all(leaf, folder_)) {
    rmdir(leaf.c_str());
  }
}

}  // namespace faultrig
