#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faultrig {

// What is set in groups, and holds for all that is in them (cgroups(7)).

// Is this the content of a file of v2, such as memory.max or cpu.weight, where
// nothing was set? True for files that set nothing.
bool is_unset(std::string_view file, std::string_view content);

// Is anything set in this group of v2 itself: a limit, a share, processors, a
// BPF program (bpf(2), which only root is told of)? Who leaves it is rid of it.
bool restrains(const std::string& folder);
// The same of the files of these controllers alone.
bool restrains(const std::string& folder,
               std::span<const std::string_view> controllers);

// The lower of two contents of cpu.max, memory.max or pids.max.
std::string lower_limit(const std::string& one, const std::string& other);

// The lowest limit that holds in `folder` of v2 because of this file, there or
// above, as the content of that file; nothing: none.
std::optional<std::string> limit_from_above(const std::string& folder,
                                            std::string_view file);

// Writes the limits that hold above a new group into its own files, as far as
// it has them: programs read those of their own group alone. Changes nothing
// of what holds. `v2`: else v1's memory or pids.
void carry_limits(const std::string& folder, bool v2);

}  // namespace faultrig
