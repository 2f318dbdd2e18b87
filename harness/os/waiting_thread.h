#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Where a thread stands that waits in a system call.
struct WaitingThread {
  std::uint64_t pc = 0;  // behind the instruction that made the call
  std::uint64_t sp = 0;
};

// Asks the kernel for the registers of threads that wait (/proc/TID/syscall in
// proc(5)), without stopping them. Files stay open, since opening one costs
// more than reading it.
class WaitingThreads {
 public:
  Result<WaitingThread> of(int tid);

 private:
  Result<WaitingThread> read(int tid);
  std::map<int, Fd> files_;
};

// Reads what of a process's memory can be read from `address` on; gives how
// many bytes from the first on (process_vm_readv(2)).
std::size_t read_some_memory(int tid, std::uint64_t address, char* out,
                             std::size_t size);

}  // namespace faultrig
