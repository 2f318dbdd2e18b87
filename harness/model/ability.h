#pragma once

#include <string>
#include <vector>

namespace faultrig {

// One thing that faultrig may need of a machine.
struct Ability {
  std::string name;  // `memory cgroup`
  bool there = false;
  std::string why;    // what was found, or why not
  std::string get;    // how to get it, when it is not there
  std::string since;  // the first kernel that has it: `5.19`; empty: any
  bool asked = true;  // false: good to know, and no fault of the machine
};

struct Machine {
  std::string kernel;  // `Linux 6.1.0-28-amd64`
  bool root = false;
  std::vector<Ability> abilities;
};

}  // namespace faultrig
