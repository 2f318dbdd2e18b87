#include "harness/os/close_call.h"

#include <fcntl.h>

namespace faultrig {

Result<> close_all_the_same(Notifier& notifier, const Notification& waiting) {
  int number = static_cast<int>(waiting.args[0]);
  if (descriptor_target(waiting.tid, number).empty()) {
    bool hidden = open_descriptors(waiting.tid).empty();
    return hidden && notifier.still_waiting(waiting.id)
               ? Result<>(unsupported_error("its descriptors cannot be seen"))
               : Ok{};
  }
  // Neither for reading nor for writing; O_PATH cannot be handed over.
  TRY_ASSIGN(Fd nothing, open_file(AT_FDCWD, "/dev/null", O_ACCMODE));
  TRY(notifier.put(waiting.id, nothing, number));
  return Ok{};
}

}  // namespace faultrig
