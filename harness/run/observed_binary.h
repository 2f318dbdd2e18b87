#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/os/shim_wire.h"

namespace faultrig {

// A test binary that writes of itself, profiles or a trace.
struct ObservedBinary {
  std::filesystem::path folder;  // for its files
  int pid = 0;                   // 0: it never ran
  std::string program;
  std::string name;  // of its folder in the evidence
  std::chrono::nanoseconds from{0};
  std::chrono::nanoseconds to{0};
  bool stopped = false;      // by us
  std::optional<Ended> end;  // none: we do not know it

  // Did a signal end it?
  bool was_killed() const;
  // `SIGKILL ends it`: what ends it before the testing package has written all.
  // Empty: it ended in order.
  std::string cut_short() const;
};

}  // namespace faultrig
