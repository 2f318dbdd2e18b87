#pragma once

#include "harness/base/result.h"
#include "harness/os/notify.h"

namespace faultrig {

// For a close(2) that is to fail, while it waits: closes the file for its
// caller, as Linux does whatever the call says (close(2)), with its locks and
// its connection. Its number stays taken, by what answers EBADF to reads
// and writes (access mode 3 in open(2)). Does nothing where there is no such
// descriptor, or the caller no longer waits. Error: it stays open.
Result<> close_all_the_same(Notifier& notifier, const Notification& waiting);

}  // namespace faultrig
