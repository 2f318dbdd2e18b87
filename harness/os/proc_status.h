#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// proc_pid_status(5) of a process or a thread; empty: it is gone.
std::string proc_status(int pid);

// The number that is all that stands there behind a name (`SigBlk`), in that
// base; nothing: there is no such line.
std::optional<std::uint64_t> number_in_status(std::string_view status,
                                              std::string_view name,
                                              int base = 10);

}  // namespace faultrig
