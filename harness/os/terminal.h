#pragma once

#include <cstddef>
#include <optional>

namespace faultrig {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Of the terminal that this descriptor is; nothing: it is none, or its size is
// not known.
std::optional<TerminalSize> terminal_size(int descriptor);

}  // namespace faultrig
