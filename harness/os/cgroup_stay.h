#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// On v2 a group below the root may have processes or give controllers to its
// children, not both (`no internal processes` in cgroups(7)). Whoever wants
// limited groups inside its own one moves what stands there to a leaf of it.
inline constexpr std::string_view kAsideLeaf = "faultrig-aside";

// One's right to have groups with limits below a folder of v2. Any number of
// processes may have it at the same time.
class CgroupStay {
 public:
  // Enables controllers for the children of `folder`: memory, and where they
  // are at hand pids and, if a limit on processors holds here, cpu. What it has
  // enabled it marks, by an extended attribute of the folder. Where processes
  // are in the way and `aside` allows it, moves them, this one included, to the
  // leaf first. The error says which step the kernel refused.
  static Result<std::shared_ptr<const CgroupStay>> begin(
      const std::string& folder, bool aside = true);
  // Enables one more of those for the children, marked as the others are.
  Result<> add(std::string_view controller) const;
  CgroupStay(const CgroupStay&) = delete;
  CgroupStay& operator=(const CgroupStay&) = delete;
  // The last one to leave, if no group is there that uses them, takes back the
  // controllers that were enabled here, moves everybody back and removes the
  // leaf: also what a killed process has left.
  ~CgroupStay();

 private:
  CgroupStay(std::string folder, Fd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}
  std::string folder_;
  Fd lock_;  // flock(2) on the folder: shared while one stays
};

}  // namespace faultrig
