// A call waits in the kernel while its stack is read: the thread's registers,
// then its memory, both as ptrace(2) allows it and without stopping anything.
// The price is four small system calls of ours, whatever the depth.
#include "harness/run/call_stacks.h"

#include "harness/run/process_memory.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostProcesses = 1'000;

GoStackPtr unknown(const Error& error) {
  return std::make_shared<const GoStack>(GoStack{{}, error.what});
}

}  // namespace

// The same file may run again in the same process, elsewhere in its memory.
Result<CallStacks::Process*> CallStacks::process(int pid) {
  TRY_ASSIGN(ProgramFile file, program_file_of(pid));
  auto known = processes_.find(pid);
  if (known != processes_.end() && known->second.file == file &&
      !known->second.stacks->program().moves()) {
    return &known->second;
  }
  if (processes_.size() >= kMostProcesses) {
    processes_.clear();
  }
  TRY_ASSIGN(std::shared_ptr<GoStacks> stacks, programs_.of(pid, file));
  std::uint64_t bias = 0;
  if (stacks->program().moves()) {
    TRY_ASSIGN(std::uint64_t entry, entry_of(pid));
    bias = entry - stacks->program().entry();
  }
  Process& out = processes_[pid];
  out = {file, bias, std::move(stacks)};
  return &out;
}

GoStackPtr CallStacks::of(const Notification& call, int pid) {
  auto caller = process(pid);
  if (!caller) {
    return unknown(caller.error());
  }
  const Process& known = **caller;
  ProcessMemory memory(call.tid);
  if (!known.stacks->program().is_go()) {
    return known.stacks->of(memory, known.bias, {});
  }
  auto thread = threads_.of(call.tid);
  if (!thread) {
    return unknown(thread.error());
  }
  return known.stacks->of(memory, known.bias,
                          {call.tid, thread->pc, thread->sp});
}

}  // namespace faultrig
