#pragma once

#include <map>
#include <memory>

#include "harness/gostack/unwind.h"
#include "harness/model/go_stack.h"
#include "harness/os/notify.h"
#include "harness/os/program_file.h"
#include "harness/os/waiting_thread.h"
#include "harness/run/program_stacks.h"

namespace faultrig {

// The Go stacks of calls that wait for an answer. What is told of a call is
// true only if its caller still waits afterwards.
class CallStacks {
 public:
  // What was decoded before is in `programs`, which must outlive it.
  explicit CallStacks(ProgramStacks& programs) : programs_(programs) {}

  // Never null; what could not be read is `unknown`.
  GoStackPtr of(const Notification& call, int pid);

 private:
  struct Process {
    ProgramFile file;
    std::uint64_t bias = 0;
    std::shared_ptr<GoStacks> stacks;
  };
  // What it runs now: it may have called execve(2) since.
  Result<Process*> process(int pid);

  ProgramStacks& programs_;
  WaitingThreads threads_;
  std::map<int, Process> processes_;
};

}  // namespace faultrig
