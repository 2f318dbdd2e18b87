#pragma once

#include <string>
#include <string_view>

#include "harness/os/notify.h"
#include "harness/run/rule_book.h"

namespace faultrig {

// What an intercepted call works on, each asked of the kernel while its caller
// waits: true only if it still waits afterwards.

// Each descriptor of it, in the order of its arguments.
FdKinds fd_kinds_of(const Notification& call, std::string_view name);
// Of listen(2) by process `pid` the address of its socket, of bind(2) the one
// that it names: `127.0.0.1:8080`. Empty: of another call, or it cannot be
// asked.
std::string own_address_of(const Notification& call, std::string_view name,
                           int pid);
// `no stream` of connect(2) by process `pid` on a socket that is none, such as
// one of UDP. Empty: of another call or socket, or it cannot be asked.
std::string transport_of(const Notification& call, std::string_view name,
                         int pid);

}  // namespace faultrig
