// A connect(2) that a fault may want: the proxy answers it, now or when it has
// asked the server. What is none of the proxy's runs as it is.
#include <utility>

#include "harness/run/supervisor.h"

namespace faultrig {

ConnectFate Supervisor::redirect(const Caller& caller, const SeenCall& seen) {
  ConnectFate fate;
  const auto& peers = seen.peers.known;
  if (!caller.killed && peers && peers->size() == 1) {
    fate = events_.redirect(
        {.call = caller.call,
         .name = caller.name,
         .pid = caller.pid,
         .to = peers->front(),
         .still_waits =
             [this, id = caller.call.id] {
               return notifier_.still_waiting(id);
             },
         .answer = [this,
                    caller](int error) { return answer(caller, 0, error); },
         .let_run = [this, caller] { (void)let_run(caller); },
         .doubt =
             [this, seen](FaultId fault, const std::string& why) {
               events_.record(passed_by(seen, fault, why));
             }});
  }
  if (fate.what == ConnectFate::What::left && !let_run(caller)) {
    fate.what = ConnectFate::What::gone;
  }
  return fate;
}

}  // namespace faultrig
