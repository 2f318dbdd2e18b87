#pragma once

#include <string>

namespace faultrig {

// What systemd says of the unit that a group of v2 is in: is the group handed
// over to whom it runs (Delegate= in systemd.resource-control(5))?
enum class Delegation {
  unknown,  // no systemd, or one that does not tell us
  withheld,
  granted,
};

// `folder` is `top`, where the tree is mounted, or below it. Never fails.
Delegation delegation_of(const std::string& folder, const std::string& top,
                         const std::string& run = "/run");

}  // namespace faultrig
