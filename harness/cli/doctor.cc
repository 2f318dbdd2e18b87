#include <unistd.h>

#include <filesystem>
#include <functional>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/os/cgroup.h"
#include "harness/os/launcher.h"
#include "harness/os/machine.h"
#include "harness/os/scratch.h"
#include "harness/os/seccomp.h"
#include "harness/run/command.h"

namespace faultrig {

namespace {

// One thing that faultrig may need.
struct Ability {
  std::string name;
  bool there = false;
  std::string detail;  // what was found, or why not
  std::string remedy;  // how to get it
};

Ability memory_ability(const CgroupPlaces& places) {
  Ability out{"memory cgroup", !places.memory.empty(), "", ""};
  if (out.there) {
    out.detail =
        std::string(places.memory_v2 ? "v2" : "v1") + " at " + places.memory;
  } else {
    out.detail = places.why_no_memory;
    out.remedy = "root, or systemd-run --user --scope -p Delegate=yes";
  }
  return out;
}

Ability kill_ability(const CgroupPlaces& places) {
  Ability out{"cgroup to kill by", !places.kill.empty(), "", ""};
  out.detail = !out.there       ? "none is writable; /proc is searched instead"
               : places.kill_v2 ? "cgroup.kill at " + places.kill
                                : "freezer at " + places.kill;
  return out;
}

Ability notify_ability() {
  auto tried = try_notification();
  Ability out{"seccomp notification", tried.has_value(), "", ""};
  out.detail = tried ? "a listener was opened" : tried.error().what;
  if (!tried) {
    out.remedy =
        "Linux 5.19 or newer; in a container, a seccomp profile that allows "
        "seccomp(2)";
  }
  return out;
}

Ability go_ability(const std::vector<std::string>& environment) {
  auto go = find_program("go", environment);
  Ability out{"go command", go.has_value(), "", ""};
  out.detail = go ? *go : "not on PATH";
  out.remedy = go ? "" : "apt-get install golang-go";
  return out;
}

Ability compiler_ability(const std::vector<std::string>& environment) {
  auto compiler = find_program("gcc", environment);
  Ability out{"C compiler", compiler.has_value(), "", ""};
  out.detail =
      compiler ? *compiler : "not on PATH; cgo fixtures will not build";
  out.remedy = compiler ? "" : "apt-get install gcc";
  return out;
}

Ability shim_ability() {
  auto shim = find_shim();
  Ability out{"shim", shim.has_value(), "", ""};
  out.detail = shim ? shim->string() : shim.error().what;
  out.remedy = shim ? "" : "build or install faultrig whole";
  return out;
}

std::string row(const Ability& ability) {
  std::string name = ability.name;
  name.resize(22, ' ');
  std::string out = std::string(ability.there ? "yes  " : "no   ") + name +
                    for_one_line(ability.detail) + "\n";
  if (!ability.there && !ability.remedy.empty()) {
    out += std::string(27, ' ') + "to get it: " + ability.remedy + "\n";
  }
  return out;
}

}  // namespace

int doctor_command(const Options& options, const Surroundings& surroundings) {
  CgroupPlaces places = find_cgroup_places();
  if (options.clean) {
    std::vector<std::string> removed =
        remove_leftovers({places.kill, places.memory, places.pids});
    for (const std::string& path : removed) {
      print("removed " + for_one_line(path) + "\n");
    }
    print(std::to_string(removed.size()) + " leftovers removed\n");
    return 0;
  }
  print("     kernel                " + kernel_version() +
        (geteuid() == 0 ? ", as root\n" : ", as an ordinary user\n"));
  bool all = true;
  for (const Ability& ability :
       {shim_ability(), go_ability(surroundings.environment),
        compiler_ability(surroundings.environment), memory_ability(places),
        kill_ability(places), notify_ability()}) {
    all = all && ability.there;
    print(row(ability));
  }
  return all ? 0 : 3;
}

}  // namespace faultrig
