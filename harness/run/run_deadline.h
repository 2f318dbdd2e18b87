#pragma once

#include <chrono>
#include <optional>

#include "harness/run/goroutine_looks.h"
#include "harness/run/loop.h"
#include "harness/run/program_stacks.h"
#include "harness/run/recorder.h"
#include "harness/run/run_ending.h"
#include "harness/run/run_processes.h"

namespace faultrig {

// When a run's time is over, and what is done to it then: it is asked for what
// it does, and killed. Not after fork.
class RunDeadline {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    const Plan& plan;
    Loop& loop;
    Recorder& recorder;
    const RunProcesses& processes;
    ProgramStacks& programs;
    GoroutineLooks& looks;
    RunEnding& end;
  };
  explicit RunDeadline(Tools tools) : tools_(tools) {}
  RunDeadline(const RunDeadline&) = delete;
  RunDeadline& operator=(const RunDeadline&) = delete;
  ~RunDeadline() = default;

  // The run has been launched: its time counts.
  void begin();
  // A test is at its first instruction; from the first one on its own counts.
  void test_started();
  bool has_tests() const { return first_test_at_.has_value(); }
  bool passed() const { return passed_; }

 private:
  bool awaits_a_test() const;
  std::chrono::nanoseconds allowed() const;
  bool go_compiles() const;
  void look();
  void pass();

  Tools tools_;
  bool passed_ = false;
  std::optional<std::chrono::nanoseconds> first_test_at_;
};

}  // namespace faultrig
