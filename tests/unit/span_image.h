#pragma once

#include <cstdint>
#include <string>

#include "tests/unit/profile_image.h"

namespace faultrig {

// An export of one span in protobuf, piece by piece, also such as nobody would
// write.
struct SpanImage {
  std::string trace = std::string(16, '\x11');
  std::string id = std::string(8, '\x22');
  std::string parent;
  std::string name = "GET /";
  std::uint64_t kind = 2;
  std::uint64_t start = 1000;
  std::uint64_t end = 3000;
  std::string rest;      // further fields of the span
  std::string resource;  // the attributes of its resource

  static std::string bytes(int tag, const std::string& value) {
    return ProfileImage::bytes(tag, value);
  }
  static std::string number(int tag, std::uint64_t value) {
    return ProfileImage::number(tag, value);
  }
  static std::string fixed(int tag, std::uint64_t value) {
    std::string out =
        ProfileImage::varint((static_cast<std::uint64_t>(tag) << 3U) | 1U);
    for (int i = 0; i < 8; ++i, value >>= 8U) {
      out += static_cast<char>(value & 0xFFU);
    }
    return out;
  }
  // KeyValue
  static std::string text(const std::string& key, const std::string& value) {
    return bytes(1, key) + bytes(2, bytes(1, value));
  }
  static std::string count(const std::string& key, std::uint64_t value) {
    return bytes(1, key) + bytes(2, number(3, value));
  }
  static std::string failed(const std::string& message) {
    return bytes(15, bytes(2, message) + number(3, 2));
  }

  std::string span() const {
    std::string up = parent.empty() ? "" : bytes(4, parent);
    return bytes(1, trace) + bytes(2, id) + up + bytes(5, name) +
           number(6, kind) + fixed(7, start) + fixed(8, end) + rest;
  }
  std::string file() const {
    return bytes(1, bytes(2, bytes(2, span())) + bytes(1, resource));
  }
};

}  // namespace faultrig
