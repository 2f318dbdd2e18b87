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
  bool asked = true;  // false: good to know, and no fault of the machine
};

struct Machine {
  std::string kernel;  // `Linux 6.1.0-28-amd64`
  bool root = false;
  std::vector<Ability> abilities;
};

// A table of 80 columns: each ability, yes or no, why, how to get it.
std::string abilities_text(const Machine& machine);

// The same for programs: `{"faultrig": version, "kernel": ..., "root": ...,
// "abilities": [{"name", "there", "why", "get"}]}`, indented, with a newline at
// the end; `get` only where there is something to get.
std::string abilities_json(const Machine& machine);

}  // namespace faultrig
