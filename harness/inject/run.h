#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/model/observation.h"
#include "harness/model/plan.h"

namespace faultrig {

// A process of the workload that a witness has started and not yet reaped.
struct LiveProcess {
  Link link = Link::command;
  int pid = 0;     // a number for reports, and for /proc while it lives
  int pidfd = -1;  // borrowed from the run
};

// What an injector may do to the cgroup of a link. No call blocks.
class GroupTools {
 public:
  GroupTools() = default;
  GroupTools(const GroupTools&) = delete;
  GroupTools& operator=(const GroupTools&) = delete;
  virtual ~GroupTools() = default;

  // All processes in it now; empty where there is no cgroup.
  virtual std::vector<int> members() const = 0;

  // Sets memory.max, and reads it back.
  virtual Result<> limit_memory(const MemoryLimit& limit) = 0;
  // Takes that limit off again; what was killed before is told.
  virtual Result<> lift_memory_limit() = 0;

  // Sets a cap that the kernel counts, and reads it back; each time the group
  // is held to it is told as an effect of its fault. Before anything starts
  // that is done by itself.
  virtual Result<> set_cap(const CountedCap& cap) = 0;
  virtual Result<> lift_cap(Controller controller) = 0;

  // Tells all its processes to stand still; or to go on, when all that had them
  // stand have said so. An error where it cannot be frozen.
  virtual Result<> freeze(bool frozen) = 0;
  // Whether they all stand, and how long their threads have run on a processor
  // so far; nothing of that where the kernel does not tell.
  struct Standing {
    bool all = false;
    std::optional<std::chrono::nanoseconds> ran;
  };
  virtual Standing standing() const = 0;
};

// What an injector may touch of one execution. No call blocks.
class Run {
 public:
  Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  virtual ~Run() = default;

  // A private folder that ends with the run.
  virtual const std::filesystem::path& scratch() const = 0;

  // The time since launch.
  virtual std::chrono::nanoseconds now() const = 0;

  // Adds a fact, stamped with the time since launch unless it has a time.
  virtual void record(Observation observation) = 0;

  // Processes of this link that live now.
  virtual std::vector<LiveProcess> processes(Link link) const = 0;

  // Does a process that the workload started run such a program now? A glob of
  // its name.
  virtual bool has_child(const std::string& program) const = 0;

  // Sends a signal to what `to` names: test, go, command, group (the process
  // group of the first link), tree (every process of the workload), `child sh`
  // (each that has_child() means). Gives the number of live processes it went
  // to; 0 when none was left (pidfd_send_signal(2)).
  virtual Result<int> send_signal(const std::string& to, int signal) = 0;

  // The cgroup of a link.
  virtual GroupTools& group(Link link) = 0;

  // A fault that ends by itself has ended.
  virtual void tell_release(FaultId fault, const std::string& why) = 0;

  // From now on rules of this fault select calls, or do no more.
  virtual void select_calls(FaultId fault, bool select) = 0;

  // A platform begins to stop the service: how it means the next signal that
  // stops it. Until then nobody else stops it.
  virtual void expect_stop(const ServiceStop& stop) = 0;

  // Calls `then` once, after `delay`, unless the workload ended before.
  virtual void after(std::chrono::nanoseconds delay,
                     std::function<void()> then) = 0;

  // Makes go use this file as its -exec program instead of the witness.
  virtual void use_exec_program(const std::filesystem::path& program) = 0;

  // A line for sh(1) that runs the witness with `"$@"` as its program.
  virtual std::string witness_line() const = 0;

  // A line for sh(1) that tells this run that a broken program was started:
  // it records FaultActivated for `fault`.
  virtual std::string announce_line(FaultId fault) const = 0;
};

}  // namespace faultrig
