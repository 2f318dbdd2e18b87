#include <unistd.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/machine/abilities.h"
#include "harness/os/cgroup.h"
#include "harness/os/machine.h"
#include "harness/os/scratch.h"
#include "harness/report/abilities.h"

namespace faultrig {

namespace {

int clean(const CgroupPlaces& places) {
  Leftovers found = remove_leftovers(places.folders());
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
    Machine machine{kernel_version(), geteuid() == 0,
                    abilities_of({places, surroundings.environment})};
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
