#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What a process is in the picture of a run.
enum class Role { shell, go, compiler, exec, test, other };

std::string_view role_name(Role role);

// A process that was seen alive.
struct SeenProcess {
  int pid = 0;
  Role role = Role::other;
  std::string name;  // of its program, without folders
  bool operator==(const SeenProcess&) const = default;
};

// What this is, by its command line, `[name]` where it has none; below a go
// what is nothing else is an -exec program. Nothing for what has no name
// either, and for a process of faultrig's own that is no link of a run.
std::optional<SeenProcess> seen_in(int pid, std::string_view command,
                                   bool below_go);

// All that descend from us now, those of faultrig's own left out, parents
// first. What ends between two looks is not seen.
std::vector<SeenProcess> look_below();

}  // namespace faultrig
