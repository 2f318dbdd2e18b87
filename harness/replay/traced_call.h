#pragma once

#include <string_view>
#include <vector>

#include "harness/replay/call_book.h"
#include "harness/replay/tasks.h"

namespace faultrig {

// What a call of this process was made on: the file that it names, or that of
// its descriptor; an address. When, and what came of it, are the caller's.
MadeCall traced_call(std::string_view name,
                     const std::vector<std::string_view>& arguments,
                     const TracedProcess& process);

}  // namespace faultrig
