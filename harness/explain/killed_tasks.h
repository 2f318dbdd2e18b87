#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/explain/seen.h"

namespace faultrig {

// A log may hold lines of the kernel, of dmesg or journalctl, that name whom
// it killed for memory, before or behind the package that this explains.
class KilledTasks {
 public:
  // Takes the kernel's lines from what was seen.
  void note(const Seen& seen);

  // Would such a line say more of it: killed, and nobody knows why?
  bool may_settle(const Seen& seen) const;
  // `at` is the caller's own number for it. Keeps a few hundred.
  void keep(const Seen& seen, std::size_t at);

  // Those whose binary the kernel named, with that told.
  std::vector<std::pair<Seen, std::size_t>> settled() const;

 private:
  struct Task {
    std::string name;
    LogLine line;
  };
  std::vector<Task> tasks_;
  std::vector<std::pair<Seen, std::size_t>> kept_;
};

}  // namespace faultrig
