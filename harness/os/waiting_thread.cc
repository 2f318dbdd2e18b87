// A thread that waits for a seccomp notification to be answered cannot be
// stopped by ptrace(2) without its call being made twice, and need not be: the
// kernel tells where it is. It says `running` while the thread has queued the
// notification and was preempted before it slept.
#include "harness/os/waiting_thread.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "harness/os/notify.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostFiles = 256;
constexpr int kMostTries = 100'000;

// `NUMBER ARGUMENT{6} SP PC`.
Result<WaitingThread> parse(const char* line) {
  WaitingThread out;
  unsigned long long sp = 0;
  unsigned long long pc = 0;
  // NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers
  int got =
      std::sscanf(line, "%*d %*x %*x %*x %*x %*x %*x %llx %llx", &sp, &pc);
  if (got != 2) {
    return internal_error("a thread that waits in no system call");
  }
  out.sp = sp;
  out.pc = pc;
  return out;
}

}  // namespace

// The number of a thread is given to another one later; a file that is still
// that of the dead one says ESRCH.
Result<WaitingThread> WaitingThreads::of(int tid) {
  if (files_.size() >= kMostFiles) {
    files_.clear();
  }
  bool kept = files_.contains(tid);
  auto thread = read(tid);
  if (!thread && kept) {
    files_.erase(tid);
    thread = read(tid);
  }
  return thread;
}

Result<WaitingThread> WaitingThreads::read(int tid) {
  auto file = files_.find(tid);
  if (file == files_.end()) {
    TRY_ASSIGN(Fd opened,
               open_file(AT_FDCWD, "/proc/" + std::to_string(tid) + "/syscall",
                         O_RDONLY));
    file = files_.emplace(tid, std::move(opened)).first;
  }
  char line[256];
  for (int i = 0; i < kMostTries; ++i) {
    ssize_t got = pread(file->second.get(), line, sizeof line - 1, 0);
    if (got <= 0) {
      int why = got == 0 ? ESRCH : errno;
      files_.erase(file);
      return system_error("read where thread " + std::to_string(tid) + " is",
                          why);
    }
    line[got] = '\0';
    if (std::strncmp(line, "running", 7) != 0) {
      return parse(line);
    }
    sched_yield();
  }
  return internal_error("a thread that does not come to wait");
}

std::size_t read_some_memory(int tid, std::uint64_t address, char* out,
                             std::size_t size) {
  iovec ours{out, size};
  // An address in another process, never followed here.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  iovec theirs{reinterpret_cast<void*>(address), size};
  ssize_t got = process_vm_readv(tid, &ours, 1, &theirs, 1, 0);
  if (got < 0 && (errno == EPERM || errno == ENOSYS)) {
    auto part = read_memory(tid, address, size);  // by the file
    got = part ? static_cast<ssize_t>(part->copy(out, size)) : -1;
  }
  return got < 0 ? 0 : static_cast<std::size_t>(got);
}

}  // namespace faultrig
