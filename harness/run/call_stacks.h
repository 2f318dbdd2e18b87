#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "harness/gostack/unwind.h"
#include "harness/model/go_stack.h"
#include "harness/os/notify.h"
#include "harness/os/program_file.h"
#include "harness/os/waiting_thread.h"

namespace faultrig {

// The Go stacks of calls that wait for an answer. What was decoded is kept for
// each program file, for all processes that run it. What is told of a call is
// true only if its caller still waits afterwards.
class CallStacks {
 public:
  // Never null; what could not be read is `unknown`.
  GoStackPtr of(const Notification& call, int pid);
  // The id of its call site; empty: it has none.
  const std::string& site_of(const std::string& call, const GoStackPtr& stack);

 private:
  struct Process {
    ProgramFile file;
    std::uint64_t bias = 0;
    std::shared_ptr<GoStacks> stacks;
  };
  // What it runs now: it may have called execve(2) since.
  Result<Process*> process(int pid);
  Result<std::shared_ptr<GoStacks>> stacks_of(int pid, const ProgramFile& file);

  WaitingThreads threads_;
  std::map<int, Process> processes_;
  std::map<ProgramFile, std::shared_ptr<GoStacks>> programs_;
  std::map<std::pair<std::string, GoStackPtr>, std::string> sites_;
};

}  // namespace faultrig
