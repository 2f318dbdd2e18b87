#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/recorder.h"

namespace faultrig {

// Looks which files there are, at the start of a service, at its stop and at
// its end, and tells it.
class FileLooks {
 public:
  // `globs`, of glob(7), are relative to `folder`.
  FileLooks(std::vector<std::string> globs, std::filesystem::path folder)
      : globs_(std::move(globs)), folder_(std::move(folder)) {}

  // `when`: start, told (to stop) or end.
  void look(std::string_view when, Recorder& recorder);

 private:
  // What changes with a file: its inode, size and times.
  using State = std::vector<std::int64_t>;
  using Files = std::map<std::string, State>;
  Files files_of(const std::string& glob) const;

  std::vector<std::string> globs_;
  std::filesystem::path folder_;
  std::map<std::string, Files> at_start_;  // by glob
};

}  // namespace faultrig
