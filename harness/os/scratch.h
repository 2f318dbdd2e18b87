#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// A folder that make_own_folder() made and that ends with this object.
class TempDir {
 public:
  TempDir() = default;
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&& other) noexcept;
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// `faultrig-NS-PID-STARTtCLOCK`: names what this process owns so that a later
// one can tell whether its owner still lives: pid namespace, pid, start time,
// and the time namespace that this time is of.
std::string owner_name();

// Is this a name of ours, of this pid namespace, whose owner is dead?
bool is_stale(const std::string& name);

// Makes the folder `name` (mode 0700) on a memory file system that allows exec
// and has 1 GiB free, else in TMPDIR or /tmp.
Result<TempDir> make_scratch(const std::string& name);

// Makes the folder `name` (mode 0700) where go would make its work folder, in
// TMPDIR or /tmp, or in /var/tmp where that is memory and this a disk: what go
// builds is not to be charged to anybody's memory. Fails where go could not
// work either.
Result<TempDir> make_work_folder(const std::string& name);

struct Leftovers {
  std::vector<std::string> removed;  // paths
  std::vector<std::string> mounts;   // mount points that were taken off
  std::vector<std::string> kept;     // `PATH: why`
};

// Removes the cgroups of dead faultrigs below these places, killing what lives
// in them; the place of the freezer first, for the frozen do not die. Gives
// what became of them.
Leftovers remove_stale_cgroups(const std::vector<std::string>& places);

// What dead faultrigs left: removes their folders and cgroups (killing what
// lives in these), below the given cgroup places and the scratch places.
Leftovers remove_leftovers(const std::vector<std::string>& cgroup_places);

}  // namespace faultrig
