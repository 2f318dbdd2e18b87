// A lock of flock(2) belongs to the open file, which a copy of a descriptor
// shares (pidfd_getfd(2)): so it can be let go of from outside.
#include "harness/os/flock_call.h"

#include <sys/file.h>

#include <cerrno>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

int operation_of(const Notification& waiting) {
  return static_cast<int>(waiting.args[1]);
}

}  // namespace

std::string flock_operation(const std::string& call,
                            const Notification& waiting) {
  if (call != "flock") {
    return "";
  }
  std::string suffix = (operation_of(waiting) & LOCK_NB) != 0 ? "|LOCK_NB" : "";
  switch (operation_of(waiting) & ~LOCK_NB) {
    case LOCK_SH:
      return "LOCK_SH" + suffix;
    case LOCK_EX:
      return "LOCK_EX" + suffix;
    case LOCK_UN:
      return "LOCK_UN" + suffix;
    default:
      return "";
  }
}

// The copy is of the caller's file if the caller waits after it was made.
Result<> let_go(const Notifier& notifier, const std::string& call,
                const Notification& waiting, int pid) {
  if (!flock_operation(call, waiting).starts_with("LOCK_UN")) {
    return Ok{};
  }
  TRY_ASSIGN(Fd copy, copy_descriptor_of(waiting.tid, pid,
                                         static_cast<int>(waiting.args[0])));
  if (notifier.still_waiting(waiting.id) && flock(copy.get(), LOCK_UN) != 0) {
    return system_error("let go of a lock", errno);
  }
  return Ok{};
}

}  // namespace faultrig
