#include "harness/os/tried_in_child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace faultrig {

Result<> tried_in_child(const char* what, const std::function<int()>& deed) {
  int child = fork();
  if (child == 0) {
    _exit(deed());
  }
  if (child < 0) {
    return system_error(what, errno);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  int refused = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  return refused == 0 ? Result<>(Ok{}) : system_error(what, refused);
}

}  // namespace faultrig
