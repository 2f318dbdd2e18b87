#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/controller.h"
#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/cgroup_stay.h"

namespace faultrig {

// Where this process may make cgroups: one folder for each hierarchy used.
// Pure v2 has one; v1 has one for memory and one for freezer; a mix may have
// memory on v1 and killing on v2 (cgroups(7)).
struct CgroupPlaces {
  std::string memory;  // folder; empty: no writable memory controller
  bool memory_v2 = false;
  std::string kill;  // folder of the freezer (v1) or of the v2 tree
  bool kill_v2 = false;
  std::string why_no_memory;      // one line, when memory is empty
  std::string how_to_get_memory;  // a command or a setting, when it is empty
  std::string pids;  // folders of v1's pids and cpu; empty on v2, where they
  std::string cpu;   // are files more in the folder of memory
  std::string own;   // our own group of v2, where there is one that we see
  // Held while any copy of this lives, where memory is v2's.
  std::shared_ptr<const CgroupStay> stay;

  // The folder of v1 of this controller, as far as it counts there what
  // set_cap() sets; empty: see above.
  std::string of(Controller controller) const {
    return controller == Controller::pids  ? pids
           : controller == Controller::cpu ? cpu
                                           : "";
  }
  // All that are there, each once or more; that to kill by first.
  std::vector<std::string> folders() const;
};

// Finds them through libcgroup's mount table and /proc/self/cgroup. On v2 below
// the root, moves what stands in our group to a leaf of it where the rule of no
// internal processes wants it, for as long as the result lives. Never fails:
// empty places mean "not here".
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

  // Makes the group `name` below each of the places of memory and of killing,
  // and below those of these controllers, which v2 has to be given first.
  static Result<Cgroup> make(const CgroupPlaces& places,
                             const std::string& name,
                             const std::set<Controller>& more = {});

  bool has_memory() const { return memory_folder_ >= 0; }
  const std::string& name() const { return name_; }

  // Descriptors of `tasks` (v1) or `cgroup.procs` (v2), open for writing: a
  // child joins by writing "0" to each. Borrowed.
  const std::vector<int>& join_fds() const { return join_numbers_; }

  // memory.max, memory.swap.max and memory.oom.group in cgroups(7); on v1
  // memory.limit_in_bytes and memory.memsw.limit_in_bytes. Reads back: a value
  // that did not take is an error, and so are a lower limit of a group above
  // and swap that is in use here but cannot be limited. Lowering below what is
  // in use kills (v2) or fails with EBUSY (v1).
  Result<> limit_memory(Bytes max, Bytes swap, bool group);
  Result<> lift_memory_limit();

  // Processes that the kernel has killed here for memory: oom_kill in
  // memory.events, or memory.oom_control (v1).
  Result<std::int64_t> oom_kills() const;
  // Does the kernel kill the whole group at once (memory.oom.group)? False on
  // v1, which cannot: whoever wants it has to call kill().
  bool kernel_kills_groups() const { return memory_v2_; }
  // How often it did so: oom_group_kill in memory.events; 0 on v1.
  Result<std::int64_t> oom_group_kills() const;
  // memory.peak; memory.max_usage_in_bytes on v1. Nothing if unknown.
  std::optional<Bytes> peak() const;

  // A descriptor that polls readable (POLLIN on v1, POLLPRI on v2) when an OOM
  // event has happened; call rearm_event() after each.
  Result<Fd> oom_event() const;
  short oom_poll_events() const;
  // One that polls POLLPRI when the group has got its first member or lost its
  // last (cgroup.events); unsupported on v1, which has no such thing.
  Result<Fd> population_event() const;
  // Takes note of an event, so that the next one polls again.
  static void rearm_event(int event);

  // The processes in it now.
  std::vector<int> members() const;
  // Kills all and waits until it is empty. False: some survived 5 s.
  bool kill() const;
  // Makes a used group as good as a new one; false, as after an OOM kill, with
  // more controllers and on v2: make a new one instead.
  bool reset();

  // Forgets the group: it, and what lives in it, stay as they are.
  void abandon();

  const std::vector<std::string>& folders() const { return folders_; }

 private:
  const std::string& folder_of_memory() const;
  std::string memory_path(const std::string& file) const;
  Result<> set_limit(const std::string& file, Bytes wanted) const;
  Result<> limit_v1(Bytes max, Bytes swap) const;
  Result<> limit_v2(Bytes max, Bytes swap, bool group) const;
  Result<std::int64_t> event_count(const char* key) const;

  std::string name_;
  std::vector<std::string> folders_;
  std::vector<Fd> joins_;
  std::vector<int> join_numbers_;
  int memory_folder_ = -1;  // index into folders_
  int kill_folder_ = -1;
  bool memory_v2_ = false;
  bool has_more_ = false;  // controllers than memory and freezer
  bool limited_ = false;   // has it ever had a memory limit?
};

}  // namespace faultrig
