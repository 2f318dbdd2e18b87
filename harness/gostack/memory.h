#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace faultrig {

// Bytes at addresses: a file's at their offsets, a process's where they are. A
// stranger's either way: any content, any gaps.
class Memory {
 public:
  virtual ~Memory() = default;
  // Fills `out` from `address` on; gives how many bytes could be read, from
  // the first on. 0: none.
  virtual std::size_t read(std::uint64_t address, char* out,
                           std::size_t size) const = 0;

  // All `size` bytes, or nothing.
  std::optional<std::string> bytes(std::uint64_t address,
                                   std::size_t size) const;
  // Little-endian numbers, as x86_64 has them.
  std::optional<std::uint64_t> word(std::uint64_t address) const;
};

// A number of `text` at this offset; 0 beyond its end.
std::uint64_t word_at(const std::string& text, std::uint64_t offset);
std::uint32_t half_at(const std::string& text, std::uint64_t offset);
std::uint8_t byte_at(const std::string& text, std::uint64_t offset);
// Are these bytes in it?
bool holds(const std::string& text, std::uint64_t offset, std::uint64_t size);

}  // namespace faultrig
