#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/bytes.h"
#include "harness/base/result.h"
#include "harness/base/wait_status.h"
#include "harness/os/shim_relay.h"
#include "harness/os/watch_group.h"

namespace faultrig {

// A signal that came to us and that we passed on.
struct PassedSignal {
  std::chrono::nanoseconds at{0};
  int number = 0;
  std::string code;    // SI_USER, SI_TKILL, SI_QUEUE, SI_KERNEL, SI_TIMER
  int pid = 0;         // of the sender; 0: the kernel, or beyond our namespace
  std::string sender;  // its command line
};

struct Watched;

struct WatchOrder {
  std::vector<std::string> argv;  // argv[0] is a path, not searched
  std::vector<std::string> env;   // NAME=value
  WatchLimits limits;
  Relay::Sink output;
  // Called at each look, at least every 50 ms while the program runs.
  std::function<void()> at_look;
  // Called in a process of its own if this one is killed while the program
  // runs, and a signal that asks for an end came before: `go test` kills what
  // ignores its SIGQUIT. May print and write files; the process ends with it.
  std::function<void(const Watched& seen)> if_killed;
  // Called there too, 2 s after a SIGQUIT that the program has not obeyed.
  std::function<void(const PassedSignal& quit)> if_late;
};

struct Survivor {
  int pid = 0;
  std::string command;
};

// What a process did and had. Empty optionals: not known, and `unknown` says
// why.
struct Watched {
  int pid = 0;
  WaitStatus status{0};
  bool with_witness = false;  // killed because this process was
  std::chrono::nanoseconds wall{0};
  std::chrono::nanoseconds user{0};  // with the children it waited for
  std::chrono::nanoseconds system{0};
  Bytes largest_process;             // ru_maxrss in getrusage(2)
  std::optional<Bytes> peak_memory;  // of all its processes together
  std::optional<std::int64_t> oom_kills;
  std::optional<MemoryCap> memory_cap;     // asked for after an OOM kill only
  std::optional<std::uint64_t> cpu_limit;  // hard RLIMIT_CPU, seconds
  std::int64_t most_descriptors = 0;       // seen; 0: never
  std::optional<std::int64_t> most_processes;  // seen
  std::optional<std::int64_t> most_threads;    // exact
  std::optional<std::int64_t> forks_refused;
  std::vector<PassedSignal> signals;
  std::vector<Survivor> survivors;
  std::vector<std::string> unknown;  // `what: why`, one line each
};

// Runs a program to its end, in a cgroup of its own where there may be one,
// forwards the signals that come to this process, and passes its output on.
// Kills nothing: what outlives the program lives on. All signals stay blocked
// when it returns. Fails when the program did not start; os_errno is then that
// of the step that failed. A process is good for one watch, and may have no
// threads.
Result<Watched> watch(const WatchOrder& order);

}  // namespace faultrig
