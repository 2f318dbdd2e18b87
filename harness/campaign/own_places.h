#pragma once

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/observation.h"
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
  // there; of those that it named there or in the calls of `trace`, what was
  // written since; where it listened by unix(7), and what it removed or
  // renamed, which is gone by now. In order.
  std::vector<std::string> found(const Learnt& learnt,
                                 std::span<const Observation> trace) const;

 private:
  // Where it is for all tries; empty: each has one of its own.
  std::string beyond(const Learnt& learnt, const std::string& path) const;

  std::string folder_;  // the service's, as its author knows it
  std::vector<std::string> named_;
  std::vector<std::string> made_;
  std::chrono::nanoseconds since_;  // of the epoch
};

}  // namespace faultrig
