#pragma once

#include <cstddef>
#include <string>

namespace faultrig {

// Which part of a run that is spread over machines this one is.
struct Shard {
  int index = 0;  // from 1; 0: the run is not spread
  int of = 0;
  std::size_t scenarios = 0;  // of the whole run
  std::string set;            // the same for all parts of one: of their names

  bool any() const { return index > 0; }
  bool operator==(const Shard&) const = default;
};

}  // namespace faultrig
