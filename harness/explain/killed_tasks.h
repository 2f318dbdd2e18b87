#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/explain/log_days.h"
#include "harness/explain/log_line.h"
#include "harness/explain/seen.h"

namespace faultrig {

// A log may hold lines of the kernel, of dmesg or journalctl, that name whom
// it killed for memory, before or behind the package that this explains. The
// kernel's log is long: such a line may be of an earlier run.
class KilledTasks {
 public:
  // Takes the kernel's lines from what was seen.
  void note(const Seen& seen);

  // Would such a line say more of it: killed, and nobody knows why?
  bool may_settle(const Seen& seen) const;
  // `at` is the caller's own number for it. Keeps a few hundred.
  void keep(const Seen& seen, std::size_t at);

  // Those whose binary the kernel named, with that told; doubted where the
  // kernel's line may be of another run. `days`: of the log.
  std::vector<std::pair<Seen, std::size_t>> settled(const LogDays& days) const;

 private:
  struct Task {
    std::string name;
    LogLine line;
    std::optional<double> uptime;  // seconds
  };
  bool may_be_old(const Task& task, const Seen& seen,
                  const LogDays& days) const;

  std::vector<Task> tasks_;
  double last_uptime_ = 0;  // of any line of the kernel
  std::vector<std::pair<Seen, std::size_t>> kept_;
};

}  // namespace faultrig
