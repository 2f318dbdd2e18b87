// listen(2) has no other effect than on the socket, which a copy shares: done
// here, its success is known, and the trigger fires when connections can come.
// A connection is given to its caller first: nobody can be frozen who waits for
// an answer.
#include "harness/run/made_calls.h"

#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/run/accepted_call.h"

namespace faultrig {

std::optional<Result<bool>> MadeCalls::make(
    const Notification& call, const std::string& name, int pid,
    const std::vector<const CallRule*>& awaiting) {
  if (awaiting.empty()) {
    return std::nullopt;
  }
  return name == "listen" ? listen(call, pid, awaiting)
                          : accept(call, name, pid, awaiting);
}

std::optional<Result<bool>> MadeCalls::listen(
    const Notification& call, int pid,
    const std::vector<const CallRule*>& awaiting) {
  auto copy = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  if (!copy || !notifier_.still_waiting(call.id)) {
    return std::nullopt;
  }
  std::int64_t result = listen_on(*copy, static_cast<int>(call.args[1]));
  if (result != 0) {
    return notifier_.answer(call.id, 0, static_cast<int>(-result));
  }
  int port = address_of(*copy).port;
  for (const CallRule* rule : awaiting) {
    if (rule->number == 0 || rule->number == port) {
      fire_(*rule);
    }
  }
  return notifier_.answer(call.id, 0, 0);
}

// One that may block runs: that it gave a connection is known when its thread
// makes the next.
std::optional<Result<bool>> MadeCalls::accept(
    const Notification& call, const std::string& name, int pid,
    const std::vector<const CallRule*>& awaiting) {
  auto made = make_accept(notifier_, call, name, pid);
  if (!made) {
    if (!in_accept_.insert(call.tid).second) {
      fire_all(awaiting);
    }
    return std::nullopt;
  }
  if (!made->connection) {
    return notifier_.answer(call.id, 0, made->error);
  }
  Result<bool> given =
      notifier_.answer_with(call.id, made->connection, made->close_on_exec);
  if (given && *given) {
    fire_all(awaiting);
  }
  return given;
}

void MadeCalls::fire_all(const std::vector<const CallRule*>& awaiting) {
  for (const CallRule* rule : awaiting) {
    fire_(*rule);
  }
}

}  // namespace faultrig
