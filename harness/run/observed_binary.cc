#include "harness/run/observed_binary.h"

#include "harness/base/names.h"
#include "harness/base/wait_status.h"

namespace faultrig {

namespace {

// Of a panic or a fatal error.
constexpr int kGoCrash = 2;

}  // namespace

bool ObservedBinary::was_killed() const {
  return stopped || (end && WaitStatus(end->status).killed());
}

std::string ObservedBinary::cut_short() const {
  if (!end) {
    return "how the process ended is not known";
  }
  if (stopped) {
    return "it did not end, and a signal of ours ends it";
  }
  WaitStatus status(end->status);
  if (status.killed()) {
    return signal_name(status.signal()) + " ends it";
  }
  if (end->listened && !end->last_word.empty()) {
    return "";
  }
  return status.exit_code() == kGoCrash
             ? "a panic, a fatal error or os.Exit ends it"
             : "os.Exit ends it";
}

}  // namespace faultrig
