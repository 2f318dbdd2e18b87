#pragma once

#include <optional>
#include <string_view>

namespace faultrig {

// A link of the exit chain: the test binary, `go test`, a plain command, or a
// service.
enum class Link { test, go, command, service };

std::string_view link_name(Link link);
std::optional<Link> link_named(std::string_view name);

// Index into Plan::faults; kNoFault for rules that only watch.
using FaultId = int;
constexpr FaultId kNoFault = -1;

}  // namespace faultrig
