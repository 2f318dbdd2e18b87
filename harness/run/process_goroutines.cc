// One look costs some four small system calls for each goroutine; nothing is
// stopped, nothing is attached to, and the program cannot tell that it
// happened.
#include "harness/run/process_goroutines.h"

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>

#include "harness/os/memory_access.h"
#include "harness/os/program_file.h"
#include "harness/run/process_memory.h"

namespace faultrig {

namespace {

// The same clock as the runtime's nanotime.
std::optional<std::chrono::nanoseconds> clock_of(int pid) {
  return shares_clock(pid)
             ? std::optional<std::chrono::nanoseconds>(
                   std::chrono::steady_clock::now().time_since_epoch())
             : std::nullopt;
}

}  // namespace

Result<GoroutineLook> look_at_goroutines(int pid, ProgramStacks& programs) {
  int tid = living_thread_of(pid);
  auto entry = entry_of(tid);
  TRY(may_read_memory(pid, entry.value_or(0)));
  TRY_ASSIGN(ProgramFile file, program_file_of(tid));
  TRY_ASSIGN(ProgramStacks::Program program, programs.program_of(tid, file));
  std::uint64_t bias = 0;
  const GoCode& code = program.stacks->program();
  if (code.moves()) {
    bias = entry.value_or(0) - code.entry();
  }
  auto look = program.goroutines->look(ProcessMemory(tid), bias, clock_of(pid));
  if (!look) {
    return with_prefix("process " + std::to_string(pid), look.error());
  }
  auto now = program_file_of(living_thread_of(pid));
  if (!now || *now != file) {
    return usage_error("process " + std::to_string(pid) +
                       " has ended, or runs another program now");
  }
  return look;
}

}  // namespace faultrig
