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

// One's right to have groups with memory limits below a folder of v2. Any
// number of processes may have it at the same time.
class CgroupStay {
 public:
  // Enables the memory controller for the children of `folder`; where processes
  // are in the way, moves them, this one included, to the leaf first. The error
  // says which step the kernel refused.
  static Result<std::shared_ptr<const CgroupStay>> begin(
      const std::string& folder);
  CgroupStay(const CgroupStay&) = delete;
  CgroupStay& operator=(const CgroupStay&) = delete;
  // The last one to leave, if no other group is there, takes the controller
  // back, moves everybody back and removes the leaf: also one that a killed
  // process has left.
  ~CgroupStay();

 private:
  CgroupStay(std::string folder, Fd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}
  std::string folder_;
  Fd lock_;  // flock(2) on the folder: shared while one stays
};

}  // namespace faultrig
