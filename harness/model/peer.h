#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// A glob in which brackets mean themselves, as in `store.Map[...].Put` and
// `[::1]:8080`.
std::string literal_brackets(std::string_view glob);

// Is a call that goes to one of these addresses one to such an address? Nothing
// where they are not known, or some are such and others not: nobody knows which
// it will be.
std::optional<bool> has_peer(
    const std::string& glob,
    const std::optional<std::vector<std::string>>& peers);

}  // namespace faultrig
