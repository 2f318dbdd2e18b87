#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/cgroup.h"

namespace faultrig {

// Caps on a process and all that it starts; nothing: none of ours.
struct WatchLimits {
  std::optional<Bytes> memory;
  std::optional<std::uint64_t> descriptors;  // of each process
  std::optional<std::uint64_t> processes;    // threads count too
};

// A memory cap, and whose.
struct MemoryCap {
  Bytes max;
  bool of_group = false;  // of the group itself, not of one above it
};

// The cgroup of a process that is watched and not judged: what outlives it goes
// on living. Where there is no cgroup at all, every question has the answer
// "unknown".
class WatchGroup {
 public:
  WatchGroup() = default;
  WatchGroup(WatchGroup&&) noexcept = default;
  WatchGroup& operator=(WatchGroup&&) noexcept = default;
  WatchGroup(const WatchGroup&) = delete;
  WatchGroup& operator=(const WatchGroup&) = delete;
  ~WatchGroup() { let_go(); }

  // Makes what the places allow and sets the caps. Fails when a cap cannot be
  // set; never for the lack of a cgroup alone.
  static Result<WatchGroup> make(const CgroupPlaces& places,
                                 const std::string& name,
                                 const WatchLimits& limits);

  bool exists() const { return !folders_.empty(); }
  bool has_memory() const { return group_.has_memory(); }
  // Copies of the descriptors by which a child joins.
  Result<std::vector<Fd>> join_fds() const;

  std::vector<int> members() const;
  std::optional<std::int64_t> oom_kills() const;
  std::optional<Bytes> peak_memory() const;
  // The lowest cap that holds for the group.
  std::optional<MemoryCap> memory_cap() const;
  // Threads at once, at most, as the kernel counted (pids.peak).
  std::optional<std::int64_t> most_threads() const;
  // How often the kernel refused a fork here (pids.events).
  std::optional<std::int64_t> forks_refused() const;

  // Moves what lives here to where this process lives, and removes the group.
  // False: something could not be moved, and the group stays with it.
  bool let_go();

 private:
  Result<> cap_processes(std::uint64_t most);
  std::string pids_file(const char* name) const;

  Cgroup group_;
  Fd pids_join_;
  std::string own_;                   // group of v2 of this process
  bool capped_ = false;               // by us; else its limit is one from above
  std::string pids_;                  // folder; empty: none
  std::vector<std::string> folders_;  // all, that of memory first
};

}  // namespace faultrig
