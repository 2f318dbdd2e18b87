#pragma once

#include <cstdint>
#include <string>

#include "harness/model/link.h"

namespace faultrig {

// A path of a disk that means a temporary folder made for the run.
inline constexpr const char* kOwnTmpdir = "$TMPDIR";

// A disk of a link's own, laid over a folder (tmpfs(5)), and what bounds it
// while its fault acts. Before and behind that it has room.
struct OwnDisk {
  FaultId fault = kNoFault;  // none: a golden run's, which always has room
  std::string path;          // kOwnTmpdir, absolute, or from where the link
                             // starts
  std::uint64_t size = 0;    // bytes; 0: not bounded by that
  std::uint64_t inodes = 0;  // files, folders and links; 0: not bounded by that
  bool full = false;         // bounded by what is on it when its fault comes
  bool counts_inodes = false;  // calls that make files are watched
  bool from_start = true;      // else from the fault's trigger on
  std::int64_t most = 0;       // effects; 0: no bound
};

}  // namespace faultrig
