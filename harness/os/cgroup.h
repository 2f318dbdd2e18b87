#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/base/units.h"

namespace faultrig {

// Where this process may make cgroups: one folder for each hierarchy used.
// Pure v2 has one; v1 has one for memory and one for freezer; a mix may have
// memory on v1 and killing on v2 (cgroups(7)).
struct CgroupPlaces {
  std::string memory;  // folder; empty: no writable memory controller
  bool memory_v2 = false;
  std::string kill;  // folder of the freezer (v1) or of the v2 tree
  bool kill_v2 = false;
  std::string why_no_memory;  // one line, when memory is empty
  std::string pids;           // folder of v1's pids; empty on v2, where it is
                              // a file more in the folder of memory
};

// Finds them through libcgroup's mount table and /proc/self/cgroup. On v2 below
// the root, moves this process to a leaf of its own first where the rule of no
// internal processes wants it. Never fails: empty places mean "not here".
CgroupPlaces find_cgroup_places();

// One group of processes, in every hierarchy that a run needs. Kills what is
// in it and removes it at the end.
class Cgroup {
 public:
  Cgroup() = default;
  Cgroup(Cgroup&& other) noexcept;
  Cgroup& operator=(Cgroup&& other) noexcept;
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;
  ~Cgroup();

  // Makes the group `name` below each of the places.
  static Result<Cgroup> make(const CgroupPlaces& places,
                             const std::string& name);

  bool has_memory() const { return memory_folder_ >= 0; }
  const std::string& name() const { return name_; }

  // Descriptors of `tasks` (v1) or `cgroup.procs` (v2), open for writing: a
  // child joins by writing "0" to each. Borrowed.
  const std::vector<int>& join_fds() const { return join_numbers_; }

  // memory.max, memory.swap.max and memory.oom.group in cgroups(7); on v1
  // memory.limit_in_bytes and memory.memsw.limit_in_bytes. Reads back: a value
  // that did not take is an error. Lowering below what is in use kills (v2) or
  // fails with EBUSY (v1).
  Result<> limit_memory(Bytes max, Bytes swap, bool group);
  Result<> lift_memory_limit();

  // Processes that the kernel has killed here for memory: oom_kill in
  // memory.events, or memory.oom_control (v1).
  Result<std::int64_t> oom_kills() const;
  // memory.peak; memory.max_usage_in_bytes on v1. Nothing if unknown.
  std::optional<Bytes> peak() const;

  // A descriptor that polls readable (POLLIN on v1, POLLPRI on v2) when an OOM
  // event has happened; call rearm_oom_event() after each.
  Result<Fd> oom_event() const;
  short oom_poll_events() const;
  void rearm_oom_event(int event) const;

  // The processes in it now.
  std::vector<int> members() const;
  // Kills all and waits until it is empty. False: some survived 5 s.
  bool kill() const;
  // Makes a used group as good as a new one; false, as after an OOM kill and on
  // v2: make a new one instead.
  bool reset();

  // Forgets the group: it, and what lives in it, stay as they are.
  void abandon();

  const std::vector<std::string>& folders() const { return folders_; }

 private:
  std::string memory_path(const std::string& file) const;

  std::string name_;
  std::vector<std::string> folders_;
  std::vector<Fd> joins_;
  std::vector<int> join_numbers_;
  int memory_folder_ = -1;  // index into folders_
  int kill_folder_ = -1;
  bool memory_v2_ = false;
  bool limited_ = false;  // has it ever had a memory limit?
};

}  // namespace faultrig
