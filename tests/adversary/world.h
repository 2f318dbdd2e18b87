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
  // Absolute, all that is true; for descriptors, their files.
  std::vector<std::string> paths;
  std::size_t first_paths = 0;     // so many of them are of the first
  std::vector<std::string> kinds;  // by descriptor: file, socket, pipe, ...
  long asked = 0;
  bool peeks = false;
  long times = 1;
  long killed = 0;  // of them in processes of their own
  bool done = true;
  long result = 0;
  std::map<long, long> results;  // how often each came
  long nanoseconds = 0;
  std::map<int, long> caught;  // signals that arrived meanwhile
  int port = 0;                // at which it listens
  bool file_gone = false;      // its descriptor's file was unlinked or replaced
  bool speaks = false;         // to stdout or stderr as they were given
  bool linked = false;         // a symbolic link led on from its path
  bool in_folder = false;      // a descriptor is where its path begins

  long came(long result_wanted) const;
  bool on(std::string_view kind) const;
  bool is_on_stdio() const { return on("stdio"); }
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

// What run number `run` of this slot did, in order; `home` is its folder,
// `program` the performer itself.
World world_of(const act_slot& slot, int run, const std::string& home,
               const std::string& program);

// `*` matches any number of characters, `/` too; `?` one.
bool glob_fits(std::string_view glob, std::string_view text);

// The calls of acts.c that a name or a class of strace's stands for.
std::vector<std::string> calls_named(const std::string& name);
bool takes_path(std::string_view call);
bool takes_descriptor(std::string_view call);
bool takes_two_descriptors(std::string_view call);
bool makes_descriptor(std::string_view call);
bool meets_limit(std::string_view call);  // of `fds`
bool may_be_short(std::string_view call);
bool follows_links(std::string_view call);

}  // namespace faultrig::adversary
