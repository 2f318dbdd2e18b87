#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/adversary/act_log.h"

namespace faultrig::adversary {

// A call that the performer made, or `times` alike, as the kernel saw it.
struct Call {
  std::string name;
  int pid = 0;
  std::vector<std::string> paths;  // absolute; for a descriptor, its file
  std::string kind;                // file, socket, pipe, stdio, other; or none
  long asked = 0;
  bool peeks = false;
  long times = 1;
  bool done = true;
  long result = 0;
  std::map<long, long> results;  // how often each came
  long nanoseconds = 0;
  std::map<int, long> caught;  // signals that arrived meanwhile
  bool file_gone = false;      // its descriptor's file was unlinked or replaced

  long came(long result_wanted) const;
};

// One run of the performer.
struct World {
  bool began = false;
  int main_pid = 0;
  std::optional<int> code;  // none: it was killed
  std::vector<int> raised;
  int left = 0;  // children that stay
  std::map<int, long> caught;
  std::vector<Call> calls;
  std::string out;
  std::string err;
  bool output_sure = true;
};

// What run number `run` of this slot did, in order; `home` is its folder.
World world_of(const act_slot& slot, int run, const std::string& home);

// `*` matches any number of characters, `/` too.
bool glob_fits(std::string_view glob, std::string_view text);

// The calls of acts.c that a name or a class of strace's stands for.
std::vector<std::string> calls_named(const std::string& name);
bool takes_path(const std::string& call);
bool takes_descriptor(const std::string& call);
bool makes_descriptor(const std::string& call);
bool may_be_short(const std::string& call);

}  // namespace faultrig::adversary
