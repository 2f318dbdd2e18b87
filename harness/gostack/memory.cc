#include "harness/gostack/memory.h"

#include <cstring>

namespace faultrig {

namespace {

template <typename Number>
Number number_at(const std::string& text, std::uint64_t offset) {
  Number number = 0;
  if (holds(text, offset, sizeof number)) {
    std::memcpy(&number, text.data() + offset, sizeof number);
  }
  return number;
}

}  // namespace

bool holds(const std::string& text, std::uint64_t offset, std::uint64_t size) {
  return offset <= text.size() && size <= text.size() - offset;
}

std::uint64_t word_at(const std::string& text, std::uint64_t offset) {
  return number_at<std::uint64_t>(text, offset);
}

std::uint32_t half_at(const std::string& text, std::uint64_t offset) {
  return number_at<std::uint32_t>(text, offset);
}

std::uint8_t byte_at(const std::string& text, std::uint64_t offset) {
  return number_at<std::uint8_t>(text, offset);
}

std::optional<std::string> Memory::bytes(std::uint64_t address,
                                         std::size_t size) const {
  std::string out(size, '\0');
  if (read(address, out.data(), size) != size) {
    return std::nullopt;
  }
  return out;
}

std::optional<std::uint64_t> Memory::word(std::uint64_t address) const {
  char bytes[sizeof(std::uint64_t)];
  if (read(address, bytes, sizeof bytes) != sizeof bytes) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

}  // namespace faultrig
