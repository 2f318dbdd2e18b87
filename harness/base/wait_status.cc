#include "harness/base/wait_status.h"

#include <sys/wait.h>

#include "harness/base/names.h"

namespace faultrig {

bool WaitStatus::exited() const { return WIFEXITED(raw_); }
bool WaitStatus::killed() const { return WIFSIGNALED(raw_); }
int WaitStatus::exit_code() const { return WEXITSTATUS(raw_); }
int WaitStatus::signal() const { return WTERMSIG(raw_); }
bool WaitStatus::dumped_core() const { return killed() && WCOREDUMP(raw_); }

int WaitStatus::shell_code() const {
  return killed() ? 128 + signal() : exit_code();
}

std::string WaitStatus::text() const {
  if (killed()) {
    return "killed by " + signal_name(signal());
  }
  return "exited " + std::to_string(exit_code());
}

}  // namespace faultrig
