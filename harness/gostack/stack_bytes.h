#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/gostack/memory.h"

namespace faultrig {

// Words of a stack, from a little below `sp` on upwards; read in parts, since
// each read costs a system call and hardly more for many bytes.
class StackBytes {
 public:
  StackBytes(const Memory& process, std::uint64_t sp)
      : process_(process), from_(sp - kBelow) {
    if (read_on() == 0) {
      from_ = sp;  // it begins right where readable memory does
    }
  }

  std::optional<std::uint64_t> word(std::uint64_t address) {
    if (address < from_ || address - from_ > kMost) {
      return std::nullopt;
    }
    std::uint64_t at = address - from_;
    while (!holds(bytes_, at, sizeof(std::uint64_t))) {
      if (read_on() == 0) {
        return std::nullopt;
      }
    }
    return word_at(bytes_, at);
  }

 private:
  static constexpr std::uint64_t kBelow = 64;
  static constexpr std::size_t kFirst = 2048;
  static constexpr std::uint64_t kMost = 64 << 20;

  // Twice as much as before; gives how much came.
  std::size_t read_on() {
    std::size_t had = bytes_.size();
    bytes_.resize(had + (had == 0 ? kFirst : had));
    std::size_t got =
        process_.read(from_ + had, bytes_.data() + had, bytes_.size() - had);
    bytes_.resize(had + got);
    return got;
  }

  const Memory& process_;
  std::uint64_t from_;
  std::string bytes_;
};

}  // namespace faultrig
