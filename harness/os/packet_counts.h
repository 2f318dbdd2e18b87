#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// What all counters say of the rules for which this asks (question_for()), in
// packets; nothing: no such rule stands. `socket`: one of NETLINK_NETFILTER in
// their network, on which no answer is under way. Blocks for nothing; not after
// fork.
Result<std::optional<std::uint64_t>> packets_counted(int socket,
                                                     std::string_view question);

}  // namespace faultrig
