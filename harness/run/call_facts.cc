// A number says nothing of what it stands for: /proc/TID/fd (proc(5)) does, and
// a copy of the descriptor is the same socket (pidfd_getfd(2)).
#include "harness/run/call_facts.h"

#include "harness/model/path_arguments.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/run/call_peers.h"

namespace faultrig {

namespace {

FdKind kind_of(int tid, int number, bool may_be_stdio) {
  if (may_be_stdio && number >= 0 && number <= 2) {
    return FdKind::stdio;
  }
  std::string target = descriptor_target(tid, number);
  if (target.starts_with("socket:")) {
    return FdKind::socket;
  }
  if (target.starts_with("pipe:")) {
    return FdKind::pipe;
  }
  if (!target.starts_with("/")) {
    return FdKind::any_but_stdio;
  }
  return is_named_pipe(tid, number) ? FdKind::pipe : FdKind::file;
}

}  // namespace

FdKinds fd_kinds_of(const Notification& call, std::string_view name) {
  FdKinds kinds;
  for (int argument : fd_arguments(name)) {
    auto number =
        static_cast<int>(call.args[static_cast<std::size_t>(argument)]);
    kinds.push_back(kind_of(call.tid, number, may_mean_stdio(name)));
  }
  return kinds;
}

std::string own_address_of(const Notification& call, std::string_view name,
                           int pid) {
  if (name == "bind") {
    auto bytes = sockaddr_at(call, call.args[1], call.args[2]);
    SocketAddress address = bytes ? address_in(*bytes) : SocketAddress();
    return address.port == 0 ? "" : address.text;
  }
  if (name != "listen") {
    return "";
  }
  auto copy = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  return copy ? address_of(*copy).text : "";
}

std::string transport_of(const Notification& call, std::string_view name,
                         int pid) {
  if (name != "connect") {
    return "";
  }
  auto copy = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  return copy && !faultrig::kind_of(*copy).stream ? "no stream" : "";
}

}  // namespace faultrig
