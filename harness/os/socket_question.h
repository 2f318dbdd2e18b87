#pragma once

#include <linux/inet_diag.h>

#include <optional>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// A netlink(7) socket that answers for the sockets of the network namespace in
// which it was opened (sock_diag(7)). May run after fork.
Result<Fd> open_socket_diag();

// What the kernel tells of one socket of TCP or UDP (IPPROTO_...), named by its
// two addresses as inet_diag_sockid has them: no dump, so that its price does
// not grow with the sockets of the machine. Nothing: it finds none. One that is
// bound to a device (SO_BINDTODEVICE) is not found. An error: it cannot tell.
Result<std::optional<inet_diag_msg>> ask_for_socket(const Fd& netlink,
                                                    int protocol,
                                                    const InetAddress& src,
                                                    const InetAddress& dst);

}  // namespace faultrig
