#pragma once

#include <functional>
#include <string>

#include "harness/run/session.h"

namespace faultrig {

// Does what an order asks for, with the session of this worker or, where none
// could be opened, with why. Gives the answer; an error: the order is none.
using Deed =
    std::function<Result<std::string>(Result<Session>&, const std::string&)>;

// The body of a worker process: does the orders that arrive at `socket` until
// it closes, each with one session that is opened anew when its shim is gone.
// Gives the exit code.
int work(int socket, const Session::Options& options, const Deed& deed);

}  // namespace faultrig
