#include "harness/run/signalling.h"

#include "harness/os/frozen_signal.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

Result<int> signal_processes(const std::vector<LiveProcess>& processes,
                             int signal, bool frozen) {
  int reached = 0;
  for (const LiveProcess& process : processes) {
    if (!has_ended(process.pidfd)) {
      TRY_ASSIGN(bool sent,
                 frozen ? signal_frozen(process.pid, process.pidfd, signal)
                        : signal_pidfd(process.pidfd, signal));
      reached += sent ? 1 : 0;
    }
  }
  return reached;
}

}  // namespace faultrig
