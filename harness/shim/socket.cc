#include "harness/shim/socket.h"

#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace faultrig {

Result<Fd> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return system_error("connect to " + path, ENAMETOOLONG);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd connection(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!connection) {
    return system_error("make a socket", errno);
  }
  if (connect(connection.get(), reinterpret_cast<sockaddr*>(&address),
              sizeof address) != 0) {
    return system_error("connect to " + path, errno);
  }
  return connection;
}

Result<Fd> take_all_signals() {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    (void)signal(number,
                 SIG_DFL);  // fails for the few that cannot change: fine
  }
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  Fd signals(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) {
    return system_error("make a signalfd", errno);
  }
  return signals;
}

}  // namespace faultrig
