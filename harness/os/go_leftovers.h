#pragma once

#include <set>
#include <string>
#include <vector>

namespace faultrig {

// What a killed go leaves: its work folder, `go-build` and digits, which it
// makes in TMPDIR or /tmp. Whoever may not change the environment of what it
// starts cannot choose another place, and cleans up here afterwards.
class GoLeftovers {
 public:
  GoLeftovers() = default;
  // `place`: where go makes them. What is there now is somebody else's.
  explicit GoLeftovers(std::string place);

  // Notes the folders that these processes run from, or name as arguments.
  void look_at(const std::vector<int>& pids);
  // Removes those that were noted, when nothing runs there any more.
  void remove();

 private:
  std::string place_;
  std::set<std::string> before_;
  std::set<std::string> noted_;
};

}  // namespace faultrig
