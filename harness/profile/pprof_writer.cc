// Each function is one location of its own: addresses and lines are not known
// any more. So few fields of protobuf are written here by themselves; what
// reads them back is a library's.
#include "harness/profile/pprof_writer.h"

#include <cstdint>
#include <string_view>

#include "harness/profile/gunzip.h"

namespace faultrig {

namespace {

// Numbers of strings; 0 is the empty one.
constexpr std::uint64_t kType = 1;
constexpr std::uint64_t kUnit = 2;
constexpr std::uint64_t kFirstName = 3;

void add_varint(std::uint64_t number, std::string& out) {
  for (; number >= 0x80; number >>= 7U) {
    out += static_cast<char>(number | 0x80U);
  }
  out += static_cast<char>(number);
}

void add_number(unsigned tag, std::uint64_t number, std::string& out) {
  add_varint(tag << 3U, out);
  add_varint(number, out);
}

// A text, or a message.
void add_bytes(unsigned tag, std::string_view bytes, std::string& out) {
  add_varint(tag << 3U | 2U, out);
  add_varint(bytes.size(), out);
  out += bytes;
}

void add_type(unsigned tag, std::string& file) {
  std::string type;
  add_number(1, kType, type);
  add_number(2, kUnit, type);
  add_bytes(tag, type, file);
}

void add_function(std::uint64_t index, std::string& file) {
  std::string line;
  add_number(1, index + 1, line);
  std::string location = line;
  add_bytes(4, line, location);
  add_bytes(4, location, file);
  std::string function = line;
  add_number(2, kFirstName + index, function);
  add_bytes(5, function, file);
}

void add_stack(const Profile::Stack& stack, std::string& file) {
  std::string sample;
  for (std::size_t index : stack.functions) {
    add_number(1, index + 1, sample);
  }
  add_number(2, static_cast<std::uint64_t>(stack.value), sample);
  add_bytes(2, sample, file);
}

}  // namespace

Result<std::string> write_profile(const Profile& profile) {
  std::string file;
  add_type(1, file);
  for (const Profile::Stack& stack : profile.stacks) {
    add_stack(stack, file);
  }
  for (std::size_t i = 0; i < profile.functions.size(); ++i) {
    add_function(i, file);
  }
  add_bytes(6, "", file);
  add_bytes(6, profile.type, file);
  add_bytes(6, profile.unit, file);
  for (const std::string& name : profile.functions) {
    add_bytes(6, name, file);
  }
  add_number(10, static_cast<std::uint64_t>(profile.lasted.count()), file);
  add_type(11, file);
  add_number(12, static_cast<std::uint64_t>(profile.each), file);
  return gzip(file);
}

}  // namespace faultrig
