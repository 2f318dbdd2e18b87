#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What may be left on a disk when power goes.
enum class CrashStateKind {
  kept,       // all that was done, as after SIGKILL
  synced,     // nothing but what was promised
  names,      // all changes of names, and of content what was promised
  torn,       // all but the end of the last write, cut at a sector
  reordered,  // all but an earlier write in place
};

// Who promises: ext4 with data=ordered, as is its default, or POSIX alone.
enum class CrashModel { ext4, posix };

inline constexpr std::size_t kMostCrashStates = 200;

// `kept`, `synced`, `names`, `torn`, `reordered`, in this order.
const std::vector<std::string>& crash_kind_names();
std::string_view crash_kind_name(CrashStateKind kind);

}  // namespace faultrig
