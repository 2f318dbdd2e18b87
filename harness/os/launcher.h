#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

// A process that the shim has started for us.
struct StartedProcess {
  int pid = 0;
  Fd pidfd;
  StartedFds fds;
  std::int64_t exec_ns = 0;  // CLOCK_MONOTONIC when it called execve(2)
};

// How long an exec is waited for, which may never return: its program is on a
// mount whose server is dead, or a tracer has stopped the child. `stopped` is
// asked again and again; true ends the wait as well.
struct LaunchPatience {
  std::chrono::nanoseconds most;
  std::function<bool()> stopped;
};

// Starts one shim server (through Boost.Process) and gives it orders. When this
// object, or the whole of faultrig, ends, the shim kills and removes what it
// was told to own, and ends. Not for use after fork.
class Launcher {
 public:
  static Result<Launcher> start(const std::filesystem::path& shim);
  Launcher(Launcher&&) noexcept;
  Launcher& operator=(Launcher&&) noexcept;
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;
  ~Launcher();

  // What the shim removes if we die. Replaces what was said before.
  Result<> own(const std::vector<std::string>& cgroups,
               const std::vector<std::string>& folders);

  // Starts a process; returns when its exec has succeeded. `fds`: stdout and
  // stderr, then what the steps refer to; they stay the caller's. Beyond
  // `patience` all below the shim is killed, and if that does not help, the
  // shim; the launcher is gone() then: an error (ETIMEDOUT, if it was the time
  // that was over).
  Result<StartedProcess> launch(const LaunchOrder& order,
                                const std::vector<int>& fds,
                                const LaunchPatience& patience);

  // Readable when next_end() or take_held() has something to say.
  int fd() const;

  // The end of a process that launch() started, if one is waiting.
  Result<std::optional<Ended>> next_end();

  // Processes whose launch was ordered with `hold`, and that now wait at their
  // exec for let_go(); each is named once, after next_end() gave nothing.
  std::vector<int> take_held();
  Result<> let_go(int pid);

  int shim_pid() const;
  // The shim has ended, which it does not do by itself, or is to be heard no
  // more: start another.
  bool gone() const;

 private:
  struct Shim;
  explicit Launcher(std::unique_ptr<Shim> shim);
  std::unique_ptr<Shim> shim_;
};

// The shim beside our own program, or in ../lib/faultrig (install layout).
Result<std::filesystem::path> find_shim();
// The same of what reads execution traces (harness/timeline/reader), which is
// not built where no Go is to be had.
Result<std::filesystem::path> find_trace_reader();

}  // namespace faultrig
