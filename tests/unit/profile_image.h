#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace faultrig {

// A file of profile.proto, piece by piece, also such as nobody would write.
class ProfileImage {
 public:
  static std::string varint(std::uint64_t number) {
    std::string out;
    for (; number >= 0x80; number >>= 7U) {
      out += static_cast<char>(number | 0x80U);
    }
    return out + static_cast<char>(number);
  }
  static std::string number(int tag, std::uint64_t value) {
    return varint(static_cast<std::uint64_t>(tag) << 3U) + varint(value);
  }
  static std::string bytes(int tag, const std::string& value) {
    return varint((static_cast<std::uint64_t>(tag) << 3U) | 2U) +
           varint(value.size()) + value;
  }
  static std::string packed(int tag, const std::vector<std::uint64_t>& values) {
    std::string all;
    for (std::uint64_t value : values) {
      all += varint(value);
    }
    return bytes(tag, all);
  }

  // Gives the number of a string.
  std::uint64_t string(const std::string& text) {
    strings_.push_back(text);
    return strings_.size() - 1;
  }
  ProfileImage& type(const std::string& what, const std::string& unit) {
    std::string message = number(1, string(what));
    return add(bytes(1, message + number(2, string(unit))));
  }
  ProfileImage& period(const std::string& unit, std::uint64_t each) {
    return add(bytes(11, number(2, string(unit))) + number(12, each));
  }
  // A function and a location of its own, both with this number.
  ProfileImage& function(std::uint64_t id, const std::string& name) {
    return add_function(id, name).add(
        bytes(4, number(1, id) + bytes(4, number(1, id))));
  }
  ProfileImage& add_function(std::uint64_t id, const std::string& name) {
    return add(bytes(5, number(1, id) + number(2, string(name))));
  }
  ProfileImage& sample(const std::vector<std::uint64_t>& locations,
                       const std::vector<std::uint64_t>& values) {
    return add(bytes(2, packed(1, locations) + packed(2, values)));
  }
  ProfileImage& add(const std::string& raw) {
    raw_ += raw;
    return *this;
  }
  std::string file() const {
    std::string out = raw_;
    for (const std::string& text : strings_) {
      out += bytes(6, text);
    }
    return out;
  }

 private:
  std::vector<std::string> strings_{""};
  std::string raw_;
};

}  // namespace faultrig
