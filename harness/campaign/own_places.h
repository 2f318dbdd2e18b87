#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/run/session.h"

namespace faultrig {

// Puts these words in place of the TMPDIR and the folder that the last run had
// of its own (Session::learnt()): both have other names in each.
void name_own_places(const Learnt& learnt, std::string_view folder,
                     std::string_view tmp, std::string& text);

// What a service has beyond those places, so that its runs share it.
class SharedFiles {
 public:
  // Before it runs.
  explicit SharedFiles(const Workload& workload);

  // When it has run: the files that its command names in full and that were not
  // there, and those of `paths`, or named, that were written since. In order.
  std::vector<std::string> found(const Learnt& learnt,
                                 std::vector<std::string> paths) const;

 private:
  bool is_written(const std::filesystem::path& path) const;

  std::string folder_;  // the service's, as its author knows it
  std::vector<std::string> named_;
  std::vector<std::string> made_;
  std::chrono::nanoseconds since_;  // of the epoch
};

}  // namespace faultrig
