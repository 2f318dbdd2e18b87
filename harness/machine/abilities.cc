// What this machine can do, tried and not guessed: an LSM, a seccomp profile or
// a container may refuse what the version of the kernel promises.
#include "harness/machine/abilities.h"

#include <array>

#include "harness/base/capabilities.h"
#include "harness/model/plan.h"
#include "harness/os/cgroup_caps.h"
#include "harness/os/cpu_sampler.h"
#include "harness/os/disk_image.h"
#include "harness/os/disk_trial.h"
#include "harness/os/find_program.h"
#include "harness/os/launcher.h"
#include "harness/os/machine.h"
#include "harness/os/network_trial.h"
#include "harness/os/notify.h"
#include "harness/os/own_user.h"
#include "harness/os/seccomp.h"
#include "harness/os/shim_hold.h"
#include "harness/os/tried_in_child.h"
#include "harness/os/vdso_clock.h"

namespace faultrig {

namespace {

struct Looked {
  bool there = false;
  std::string why = {};  // what was found, or why it is not there
  std::string get = {};  // where the table has none
};

Looked looked(const Result<>& tried, const std::string& found = "") {
  return {tried.has_value(), tried ? found : tried.error().what};
}

Looked look_for_shim(const MachineView&) {
  auto shim = find_shim();
  return {shim.has_value(), shim ? shim->string() : shim.error().what};
}

Looked look_for_trace_reader(const MachineView&) {
  auto reader = find_trace_reader();
  return {reader.has_value(), reader ? reader->string() : reader.error().what};
}

Looked look_for_program(const MachineView& view, const char* name,
                        const char* without) {
  auto path = find_program(name, view.environment);
  return {path.has_value(), path ? *path : without};
}

Looked look_for_go(const MachineView& view) {
  return look_for_program(view, "go", "not on PATH");
}

Looked look_for_compiler(const MachineView& view) {
  return look_for_program(view, "gcc",
                          "not on PATH; cgo fixtures will not build");
}

Looked look_for_memory(const MachineView& view) {
  const CgroupPlaces& places = view.places;
  bool there = !places.memory.empty();
  std::string version = places.memory_v2 ? "v2" : "v1";
  return {there,
          there ? version + " at " + places.memory : places.why_no_memory,
          places.how_to_get_memory};
}

Looked look_for_groups(const MachineView& view) {
  const CgroupPlaces& places = view.places;
  return {places.memory_v2,
          places.memory_v2 ? "memory.oom.group, for `memory: {group: true}`"
          : places.memory.empty()
              ? "needs a memory cgroup of v2"
              : "cgroup v1 cannot; faultrig kills the rest itself"};
}

Looked look_for_high(const MachineView& view) {
  const CgroupPlaces& places = view.places;
  bool there = gives(places, Controller::memory);
  return {there, there ? "memory.high, for `memory: {high: ...}`"
                 : places.memory.empty() ? places.why_no_memory
                                         : "cgroup v1 has no memory.high"};
}

Looked look_for_kill(const MachineView& view) {
  const CgroupPlaces& places = view.places;
  return {!places.kill.empty(),
          places.kill.empty() ? "none is writable; /proc is searched instead"
          : places.kill_v2    ? "v2 at " + places.kill
                              : "freezer at " + places.kill};
}

Looked look_for_controller(const MachineView& view, Controller controller) {
  const CgroupPlaces& places = view.places;
  std::string v1 = places.of(controller);
  bool there = gives(places, controller);
  std::string name(controller_name(controller));
  return {there, !there       ? "no group of ours can have " + name
                 : v1.empty() ? "v2 at " + places.memory
                              : "v1 at " + v1};
}

Looked look_for_pids(const MachineView& view) {
  return look_for_controller(view, Controller::pids);
}

Looked look_for_cpu(const MachineView& view) {
  return look_for_controller(view, Controller::cpu);
}

Looked look_for_notification(const MachineView&) {
  return looked(try_notification(), "a listener was opened");
}

Looked look_for_filters(const MachineView&) { return looked(try_filters()); }

Looked look_for_copies(const MachineView&) {
  return looked(try_descriptor_copy());
}

Looked look_for_forced_writes(const MachineView&) {
  return looked(try_forced_write());
}

// Whoever is refused shall read by what, where that can be known.
Looked looked_as_own_user(const Result<>& tried, const std::string& found) {
  Looked out = looked(tried, found);
  std::string sysctl = tried || !needs_own_user() ? "" : refusal_of_own_user();
  if (!sysctl.empty()) {
    out.why += "; this machine refuses user namespaces to ordinary users";
    out.get = "root, or sysctl -w " + sysctl;
  }
  return out;
}

Looked look_for_disk(const MachineView&) {
  return looked_as_own_user(try_disk(), needs_own_user()
                                            ? "a tmpfs in a user namespace"
                                            : "a tmpfs in a mount namespace");
}

Looked look_for_ext4(const MachineView& view) {
  return looked(try_image("ext4", view.environment), "made and mounted");
}

Looked look_for_xfs(const MachineView& view) {
  return looked(try_image("xfs", view.environment), "made and mounted");
}

Looked look_for_network(const MachineView&) {
  return looked_as_own_user(try_network(false), needs_own_user()
                                                    ? "in a user namespace"
                                                    : "a network namespace");
}

Looked look_for_packets(const MachineView&) {
  return looked_as_own_user(try_network(true), "nf_tables took them");
}

Looked look_for_hold(const MachineView&) {
  return looked(tried_in_child("hold a child", hold_at_exec));
}

Looked look_for_samples(const MachineView&) {
  return looked(try_cpu_sampler());
}

struct Row {
  const char* name;  // empty: doctor does not tell it
  const char* need;  // empty: no plan asks for it
  Looked (*look)(const MachineView&);
  const char* use;  // what it is for, where that is to be told
  const char* get;
  const char* since = "";  // the first kernel that has it; empty: any
  bool asked = true;
};

constexpr const char* kProfile =
    "Linux 5.19 or newer; in a container a profile that allows seccomp";
constexpr const char* kGroup = "a writable cgroup, as for memory";
constexpr const char* kUserSpaces =
    "root with CAP_SYS_ADMIN, or user namespaces for all: sysctl -w "
    "kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu";
constexpr const char* kTracing = "in a container --cap-add SYS_PTRACE";

constexpr std::array<Row, 21> kRows{
    {{"shim", "", look_for_shim, "", "build or install faultrig whole"},
     {"go command", "", look_for_go, "", "apt-get install golang-go"},
     {"trace reader", kNeedsTraceReader, look_for_trace_reader,
      "for `observe: timeline`",
      "build faultrig where go 1.26 and golang.org/x/exp can be had", "",
      false},
     {"C compiler", "", look_for_compiler, "", "apt-get install gcc"},
     {"memory cgroup", kNeedsMemoryCgroup, look_for_memory, "", "",
      "4.5 on v2"},
     {"kernel kills groups", "", look_for_groups, "", "cgroup v2", "4.19",
      false},
     {"memory held back", kNeedsMemoryHigh, look_for_high, "", "cgroup v2",
      "4.5", false},
     {"cgroup to kill by", kNeedsFreezer, look_for_kill,
      "and to tell where each request of a service was", kGroup, "5.2 on v2"},
     {"pids cgroup", kNeedsPids, look_for_pids, "", kGroup, "4.3"},
     {"cpu cgroup", kNeedsCpu, look_for_cpu, "", kGroup, "4.15 on v2"},
     {"seccomp notification", kNeedsNotify, look_for_notification, "", kProfile,
      "5.19"},
     {"", kNeedsSeccomp, look_for_filters, "", kProfile},
     {"descriptor copies", kNeedsCopies, look_for_copies,
      "for `short`, `listening`, crashes, dependencies, names, rules on execve",
      kTracing, "5.6"},
     {"code of programs", kNeedsForcedWrites, look_for_forced_writes,
      "written to through /proc/PID/mem, for the clock",
      "a kernel without proc_mem.force_override=never"},
     {"own disk", kNeedsDisk, look_for_disk, "to be full", kUserSpaces, "5.2"},
     {"ext4 on a loop device", kNeedsExt4, look_for_ext4, "for images of it",
      "root with CAP_SYS_ADMIN, /dev/loop-control, and mkfs.ext4 of e2fsprogs",
      "5.8", false},
     {"xfs on a loop device", kNeedsXfs, look_for_xfs, "for images of it",
      "the same, mkfs.xfs of xfsprogs, and a kernel with xfs", "5.8", false},
     {"own network", kNeedsNetwork, look_for_network, "with nothing in it",
      kUserSpaces, "3.8"},
     {"rules for packets", kNeedsPackets, look_for_packets,
      "in a network of its own",
      "an own network, and a kernel with nf_tables, its inet, reject and "
      "numgen",
      "4.9"},
     {"held starts", kNeedsTrace, look_for_hold,
      "by ptrace(2), for signals at the start", kTracing},
     {"samples of time", kNeedsSamples, look_for_samples,
      "for `profile: perf`, which a kill leaves",
      "root, or kernel.perf_event_paranoid below 3; in a container --cap-add "
      "PERFMON, and a profile of seccomp that allows perf_event_open",
      "4.1", false}}};

Ability ability_of(const Row& row, const MachineView& view) {
  Looked seen = row.look(view);
  std::string use = row.use;
  std::string between = seen.why.empty() || use.empty() ? "" : "; ";
  return {row.name,
          seen.there,
          seen.why + between + use,
          seen.get.empty() ? row.get : seen.get,
          row.since,
          row.asked};
}

std::string told(const std::string& need, const std::string& why,
                 const std::string& get) {
  return "needs " + need + ": " + why + (get.empty() ? "" : "; get it: " + get);
}

}  // namespace

std::vector<Ability> abilities_of(const MachineView& view) {
  std::vector<Ability> out;
  for (const Row& row : kRows) {
    if (*row.name != '\0') {
      out.push_back(ability_of(row, view));
    }
  }
  return out;
}

std::optional<std::string> missing(const std::string& need,
                                   const MachineView& view) {
  for (const Row& row : kRows) {
    if (row.need == need) {
      Looked seen = row.look(view);
      return seen.there
                 ? std::nullopt
                 : std::optional(told(need, seen.why,
                                      seen.get.empty() ? row.get : seen.get));
    }
  }
  auto capability = capability_number(need);
  auto has = capability ? has_capability(*capability) : Result<>(Ok{});
  return has ? std::nullopt : std::optional(told(need, has.error().what, ""));
}

}  // namespace faultrig
