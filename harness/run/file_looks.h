#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/recorder.h"

namespace faultrig {

// What changes with a file: its inode, size and times (file_state.h); by path.
using FileStates = std::map<std::string, std::vector<std::int64_t>>;
// Of all that match this pattern of glob(7) now.
FileStates states_of(const std::filesystem::path& pattern);

// Looks which files there are, at the start of a service, at its stop and at
// its end, and tells it.
class FileLooks {
 public:
  // `globs`, of glob(7), are relative to `folder`; those below `$TMPDIR/` to
  // the TMPDIR that the service has of its own.
  FileLooks(std::vector<std::string> globs, std::filesystem::path folder)
      : globs_(std::move(globs)), folder_(std::move(folder)) {}

  // `when`: start, told (to stop) or end. `tmp`: that TMPDIR; empty: none yet.
  void look(std::string_view when, const std::filesystem::path& tmp,
            Recorder& recorder);

 private:
  std::vector<std::string> globs_;
  std::filesystem::path folder_;
  std::map<std::string, FileStates> at_start_;  // by glob
};

}  // namespace faultrig
