#pragma once

#include <optional>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/os/notify.h"

namespace faultrig {

// What accept(2) is to be answered with.
struct AcceptAnswer {
  Fd connection;  // none: it fails
  int error = 0;
  bool close_on_exec = false;
};

// Accepts a connection for a caller of accept(2) or accept4(2) whose socket
// does not block. Nothing: nothing has happened, the call has to run as it is.
std::optional<AcceptAnswer> make_accept(const Notifier& notifier,
                                        const Notification& call,
                                        std::string_view name, int pid);

}  // namespace faultrig
