#pragma once

#include <functional>
#include <string>

#include "harness/base/result.h"
#include "harness/run/session.h"

namespace faultrig {

// Does something that needs a session in a worker of its own, and waits for
// it: ours keeps its signals and has no shim. Gives what `task` gave, which
// must be a text that fits send_text().
Result<std::string> do_aside(
    const Session::Options& options,
    const std::function<Result<std::string>(Session&)>& task);

}  // namespace faultrig
