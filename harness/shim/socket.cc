// Who listens is told by SO_PEERCRED: whoever called listen(2). A workload
// could put a socket of its own in the place of faultrig's.
#include "harness/shim/socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/shim_address.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

namespace {

// 0: beyond our pid namespace, where no workload of this run could be.
int listener_at(const Fd& connection) {
  ucred creds{};
  socklen_t size = sizeof creds;
  bool known =
      getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &creds, &size) == 0;
  return known ? creds.pid : -1;
}

bool is_above_us(int pid) {
  constexpr int kMostParents = 4096;
  int parent = getppid();
  for (int hops = 0; hops < kMostParents && parent > 0; ++hops) {
    if (parent == pid) {
      return true;
    }
    auto stat = stat_of(parent);
    parent = stat ? stat->ppid : 0;
  }
  return pid == 0;
}

}  // namespace

Result<Fd> connect_to(const std::string& path) {
  TRY_ASSIGN(UnixAddress address, socket_address(path));
  Fd connection(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!connection) {
    return system_error("make a socket", errno);
  }
  if (connect(connection.get(), address.get(), sizeof address.name) != 0) {
    return system_error("connect to " + path, errno);
  }
  if (!is_above_us(listener_at(connection))) {
    return system_error("connect to " + path + ": not faultrig", EPERM);
  }
  TRY(sign_packets(connection.get()));
  return connection;
}

}  // namespace faultrig
