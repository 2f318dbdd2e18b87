#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/notify.h"
#include "harness/os/seccomp.h"

namespace faultrig {

// The wall clock of another process, as its programs read it: by functions of
// the kernel's that are mapped into it (vdso(7)), which make no call. These are
// replaced by some that make one and add what we say. Only CLOCK_REALTIME and
// its coarse twin, gettimeofday(2) and time(2): what measures (CLOCK_MONOTONIC)
// and what the kernel writes itself, such as times of files, stay true.
//
// All of it goes through /proc/PID/mem, which may write where the program
// itself may not (FOLL_FORCE in proc_pid_mem(5)); a kernel may refuse that
// (proc_mem.force_override). Not after fork.

// Does this call begin a program: the one by which each sets up its first
// thread's own variables (ARCH_SET_FS in arch_prctl(2)), before it looks for
// the clock?
bool begins_program(const std::string& name, const Notification& call);

// What stops it then.
FilterRule program_begin_rule();

// What the filter has to ask about: the beginning of a program, reads that are
// to be told, and reads by plain calls.
std::vector<FilterRule> clock_filter_rules();

// Is it a read of the wall clock, and by the functions that we put there?
bool reads_wall_clock(const std::string& name, const Notification& call);
bool asks_by_our_code(const Notification& call);
// Is it this, as set_clock() has it, that such a read will add?
bool will_add(const Notification& call, std::chrono::nanoseconds shift);

// Replaces those functions in a process whose other threads, if it has any, do
// not run them: at the beginning of a program. Safe to call twice. Its clock is
// the kernel's until set_clock(). Fails where it has no vDSO, where that has no
// room, or where its memory may not be written.
Result<> take_clock(int pid);

// Sets what is added from now on, an even number of nanoseconds, in a process
// whose functions were replaced, by itself or before a fork(2). `ask`: reads
// are to be told, the very first to which this is added among them. False: they
// were not replaced, or it has gone.
Result<bool> set_clock(int pid, std::chrono::nanoseconds shift, bool ask);

// Answers a plain read in the place of the kernel: writes what the clock says
// and `shift` to the memory of the caller, whose call gives this value.
Result<std::int64_t> answer_read(const std::string& name,
                                 const Notification& call,
                                 std::chrono::nanoseconds shift);

// May we write where a program may not? Tried for real, in a child process;
// nothing stays.
Result<> try_forced_write();

}  // namespace faultrig
