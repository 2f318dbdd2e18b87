#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace faultrig {

// What a killed go leaves: its work folder, `go-build` and digits, which it
// makes in TMPDIR or /tmp. Whoever may not change the environment of what it
// starts cannot choose another place, and cleans up here afterwards.
class GoLeftovers {
 public:
  // A run begins. `place`: where go makes them; empty: nobody looks. What is
  // there now is somebody else's. Reads the place only when it has changed.
  void begin(const std::string& place);

  // Notes the folders that these processes run from, or name as arguments.
  void look_at(const std::vector<int>& pids);
  // Removes those that were noted, when nothing runs there any more.
  void remove();

 private:
  bool is_unchanged();
  void list();

  std::string place_;
  std::int64_t changed_ns_ = -1;  // st_mtim of the place, -1: not known
  std::set<std::string> before_;
  std::set<std::string> noted_;
};

}  // namespace faultrig
