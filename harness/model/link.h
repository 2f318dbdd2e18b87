#pragma once

#include <optional>
#include <string_view>

namespace faultrig {

// A link of the exit chain: the test binary, `go test`, or a plain command.
enum class Link { test, go, command };

std::string_view link_name(Link link);
std::optional<Link> link_named(std::string_view name);

// Index into Plan::faults; kNoFault for rules that only watch.
using FaultId = int;
constexpr FaultId kNoFault = -1;

}  // namespace faultrig
