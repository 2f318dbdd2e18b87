// A call waits in the kernel while its stack is read: the thread's registers,
// then its memory, both as ptrace(2) allows it and without stopping anything.
// The price is four small system calls of ours, whatever the depth.
#include "harness/run/call_stacks.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostProcesses = 1'000;
constexpr std::size_t kMostPrograms = 64;
constexpr std::size_t kMostSites = 50'000;

class FileMemory : public Memory {
 public:
  explicit FileMemory(Fd file) : file_(std::move(file)) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    return read_some(file_, address, out, size);
  }

 private:
  Fd file_;
};

class ProcessMemory : public Memory {
 public:
  explicit ProcessMemory(int tid) : tid_(tid) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    return read_some_memory(tid_, address, out, size);
  }

 private:
  int tid_;
};

GoStackPtr unknown(const Error& error) {
  return std::make_shared<const GoStack>(GoStack{{}, error.what});
}

}  // namespace

Result<std::shared_ptr<GoStacks>> CallStacks::stacks_of(
    int pid, const ProgramFile& file) {
  auto known = programs_.find(file);
  if (known != programs_.end()) {
    return known->second;
  }
  if (programs_.size() >= kMostPrograms) {
    programs_.clear();
  }
  TRY_ASSIGN(Fd opened, open_program_of(pid));
  auto stacks = std::make_shared<GoStacks>(
      std::make_shared<FileMemory>(std::move(opened)));
  programs_[file] = stacks;
  return stacks;
}

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
  TRY_ASSIGN(std::shared_ptr<GoStacks> stacks, stacks_of(pid, file));
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

const std::string& CallStacks::site_of(const std::string& call,
                                       const GoStackPtr& stack) {
  auto known = sites_.find({call, stack});
  if (known != sites_.end()) {
    return known->second;
  }
  if (sites_.size() >= kMostSites) {
    sites_.clear();
  }
  return sites_.emplace(std::pair(call, stack), faultrig::site_of(call, *stack))
      .first->second;
}

}  // namespace faultrig
