#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// One intercepted call that waits for an answer (seccomp_unotify(2)).
struct Notification {
  std::uint64_t id = 0;
  int tid = 0;  // a thread id
  int call = 0;
  std::uint32_t architecture = 0;  // AUDIT_ARCH_*; x32 shows in `call`
  std::uint64_t args[6] = {};
};

// A listener of the shim's filter. Set to synchronous wake-ups where the kernel
// has them (6.6), which halves the cost of an answer on one CPU.
class Notifier {
 public:
  explicit Notifier(Fd listener);

  int fd() const { return listener_.get(); }

  // The next notification; only when fd() polls readable, else it blocks.
  // Nothing: the call was cancelled meanwhile (ENOENT). ENODEV or another
  // error: no more will come.
  Result<std::optional<Notification>> next();

  // Is the caller of this notification still waiting? What was read from its
  // memory before is only true if so.
  bool still_waiting(std::uint64_t id) const;

  // Lets the call run. False if its caller is gone: nothing was done.
  Result<bool> let_run(std::uint64_t id);
  // The call does not run and gives `value`, or -1 with errno `error`.
  Result<bool> answer(std::uint64_t id, std::int64_t value, int error);
  // The call does not run and gives its caller a copy of this descriptor, by
  // the lowest number that is free there.
  Result<bool> answer_with(std::uint64_t id, const Fd& given,
                           bool close_on_exec);
  // Puts a copy of this descriptor under a number of the caller, closed at its
  // exec: what stood there is closed, for the caller. The call waits on. False
  // if its caller is gone: nothing was done.
  Result<bool> put(std::uint64_t id, const Fd& given, int number);

 private:
  Result<bool> respond(std::uint64_t id, std::int64_t value, int error,
                       unsigned flags);
  Fd listener_;
};

// Reads a NUL-terminated string from the memory of another process, at most
// 4096 bytes (process_vm_readv(2)).
Result<std::string> read_string(int tid, std::uint64_t address);
Result<std::string> read_memory(int tid, std::uint64_t address,
                                std::size_t size);
Result<> write_memory(int tid, std::uint64_t address,
                      const std::string& content);
// May so many bytes be written there? Tried with what is there. For calls that
// cannot be taken back once they are made: a kernel, or a container, may refuse
// to write the memory of others (proc_pid_mem(5), ptrace(2)).
bool can_be_written(int tid, std::uint64_t address, std::size_t size);

// Our copy of a descriptor of another process (pidfd_getfd(2)).
Result<Fd> copy_descriptor(int pidfd, int number);
// That of a thread of the process `pid`, which may have descriptors of its own
// (unshare(2), CLONE_FILES): the thread itself is asked where the kernel can
// (PIDFD_THREAD in pidfd_open(2), Linux 6.9); else an error where its
// descriptor is another than its process's. It is the caller's if the call
// still waits afterwards.
Result<Fd> copy_descriptor_of(int tid, int pid, int number);

// May we? Tried on ourselves: a seccomp profile may refuse the call as such.
Result<> try_descriptor_copy();

// The process of a thread (Tgid in proc(5)); nothing if it is gone.
std::optional<int> process_of_thread(int tid);
// Is there such a thread in this process now (tgkill(2) with signal 0)? False
// also where we may not ask.
bool has_thread(int pid, int tid);

// Is this thread still in the call? Nothing: it runs, there or elsewhere. False
// also where the thread is gone.
std::optional<bool> is_in_call(const Notification& call);

// What /proc/TID/fd/N points to: `/path`, `socket:[1]`, `pipe:[2]`,
// `anon_inode:[eventpoll]`; empty if there is no such descriptor.
std::string descriptor_target(int tid, int number);

// Is it a pipe that has a name (fifo(7))? Asks no server of a file system.
bool is_named_pipe(int tid, int number);

// The program of a process or thread (/proc/PID/exe); empty if unknown.
std::string program_of(int pid);

// The working folder of a thread (/proc/TID/cwd); empty if unknown.
std::string folder_of(int tid);

// How many more descriptors may this thread make: numbers below its soft
// RLIMIT_NOFILE that are not in use. Nothing if it cannot be seen.
std::optional<std::uint64_t> free_descriptors(int tid);

// The numbers of the open descriptors of a process, sorted.
std::vector<int> open_descriptors(int pid);
// The soft RLIMIT_NOFILE of a process (prlimit(2)).
Result<std::uint64_t> descriptor_limit(int pid);
// Sets both limits of another process; to raise the hard one takes
// CAP_SYS_RESOURCE.
Result<> set_descriptor_limit(int pid, std::uint64_t limit);
// Sets the soft one alone; never above the hard one.
Result<> set_soft_descriptor_limit(int pid, std::uint64_t limit);

// listen(2) instead of a caller, on a copy of its descriptor. Gives the call's
// result, or -errno.
std::int64_t listen_on(const Fd& copy, int backlog);

}  // namespace faultrig
