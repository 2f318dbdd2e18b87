#pragma once

#include <optional>
#include <string_view>

namespace faultrig {

// A link of the exit chain: the test binary, `go test`, a plain command, a
// service, or one that this needs, which has a name of its own; and what is run
// when all of that has ended, to look at what it left.
enum class Link { test, go, command, service, need, recover };

std::string_view link_name(Link link);
std::optional<Link> link_named(std::string_view name);

// Index into Plan::faults; kNoFault for rules that only watch.
using FaultId = int;
constexpr FaultId kNoFault = -1;

}  // namespace faultrig
