#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/os/cgroup.h"
#include "harness/os/launcher.h"
#include "harness/os/machine.h"
#include "harness/os/notify.h"
#include "harness/os/scratch.h"
#include "harness/os/seccomp.h"
#include "harness/os/shim_hold.h"
#include "harness/report/abilities.h"
#include "harness/run/command.h"

namespace faultrig {

namespace {

constexpr const char* kSeccomp =
    "Linux 5.19 or newer; in a container a profile that allows seccomp";

Ability memory_ability(const CgroupPlaces& places) {
  Ability out{"memory cgroup", !places.memory.empty(), places.why_no_memory,
              places.how_to_get_memory};
  if (out.there) {
    out.why =
        std::string(places.memory_v2 ? "v2" : "v1") + " at " + places.memory;
  }
  return out;
}

Ability group_ability(const CgroupPlaces& places) {
  Ability out{"kernel kills groups", places.memory_v2,
              "memory.oom.group, for `memory: {group: true}`", "cgroup v2",
              false};
  if (!out.there) {
    out.why = places.memory.empty()
                  ? "needs a memory cgroup of v2"
                  : "cgroup v1 cannot; faultrig kills the rest itself";
  }
  return out;
}

Ability kill_ability(const CgroupPlaces& places) {
  Ability out{"cgroup to kill by", !places.kill.empty(), "",
              "a writable cgroup, as for memory"};
  out.why = !out.there       ? "none is writable; /proc is searched instead"
            : places.kill_v2 ? "cgroup.kill at " + places.kill
                             : "freezer at " + places.kill;
  return out;
}

Ability notify_ability() {
  auto tried = try_notification();
  Ability out{"seccomp notification", tried.has_value(), "", ""};
  out.why = tried ? "a listener was opened" : tried.error().what;
  out.get = kSeccomp;
  return out;
}

Ability copy_ability() {
  auto tried = try_descriptor_copy();
  Ability out{"descriptor copies", tried.has_value(), "", ""};
  out.why = (tried ? std::string() : tried.error().what + "; ") +
            "for `short`, `listening` and rules on execve";
  out.get = "in a container --cap-add SYS_PTRACE";
  return out;
}

Ability hold_ability() {
  auto tried = try_hold();
  Ability out{"held starts", tried.has_value(), "", ""};
  out.why = (tried ? std::string() : tried.error().what + "; ") +
            "by ptrace(2), for signals at the start";
  out.get = "in a container --cap-add SYS_PTRACE";
  return out;
}

Ability go_ability(const std::vector<std::string>& environment) {
  auto go = find_program("go", environment);
  Ability out{"go command", go.has_value(), "", ""};
  out.why = go ? *go : "not on PATH";
  out.get = "apt-get install golang-go";
  return out;
}

Ability compiler_ability(const std::vector<std::string>& environment) {
  auto compiler = find_program("gcc", environment);
  Ability out{"C compiler", compiler.has_value(), "", ""};
  out.why = compiler ? *compiler : "not on PATH; cgo fixtures will not build";
  out.get = "apt-get install gcc";
  return out;
}

Ability shim_ability() {
  auto shim = find_shim();
  Ability out{"shim", shim.has_value(), "", ""};
  out.why = shim ? shim->string() : shim.error().what;
  out.get = "build or install faultrig whole";
  return out;
}

Machine look_at(const CgroupPlaces& places,
                const std::vector<std::string>& environment) {
  return {
      kernel_version(),
      geteuid() == 0,
      {shim_ability(), go_ability(environment), compiler_ability(environment),
       memory_ability(places), group_ability(places), kill_ability(places),
       notify_ability(), copy_ability(), hold_ability()}};
}

int clean(const CgroupPlaces& places) {
  Leftovers found = remove_leftovers({places.kill, places.memory, places.pids});
  for (const std::string& point : found.mounts) {
    print("took off the mount " + for_one_line(point) + "\n");
  }
  for (const std::string& path : found.removed) {
    print("removed " + for_one_line(path) + "\n");
  }
  for (const std::string& path : found.kept) {
    complain("faultrig: cannot remove " + for_one_line(path) + "\n");
  }
  print(std::to_string(found.removed.size()) + " leftovers removed\n");
  return found.kept.empty() ? 0 : kTrouble;
}

class DoctorCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--clean", clean_, "remove what killed faultrigs have left");
    arguments.flag("--json", json_, "the same for programs");
  }

  int run(const Surroundings& surroundings) override {
    CgroupPlaces places = find_cgroup_places();
    if (clean_) {
      return clean(places);
    }
    Machine machine = look_at(places, surroundings.environment);
    print(json_ ? abilities_json(machine) : abilities_text(machine));
    bool all =
        std::all_of(machine.abilities.begin(), machine.abilities.end(),
                    [](const Ability& one) { return one.there || !one.asked; });
    return all ? 0 : kTrouble;
  }

 private:
  bool clean_ = false;
  bool json_ = false;
};

}  // namespace

CommandType doctor_command() {
  return command_type<DoctorCommand>("doctor",
                                     "what this machine can do, and what not",
                                     "faultrig doctor --clean");
}

}  // namespace faultrig
