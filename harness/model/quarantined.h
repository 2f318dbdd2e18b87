#pragma once

#include <string>

namespace faultrig {

// Scenarios that are run and told, and are not red until a day has passed.
struct Quarantined {
  std::string scenario;  // a glob over names
  std::string until;     // the last day of it, as 2024-12-31, in UTC
  std::string because;
};

}  // namespace faultrig
