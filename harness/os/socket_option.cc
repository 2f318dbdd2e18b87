#include "harness/os/socket_option.h"

#include <sys/socket.h>

namespace faultrig {

int socket_option(const Fd& socket, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(socket.get(), SOL_SOCKET, name, &value, &size) == 0 ? value
                                                                        : -1;
}

}  // namespace faultrig
