#pragma once

#include <string>
#include <vector>

namespace faultrig {

// A query as a client writes it, with recursion desired, of class IN.
inline std::string dns_query(const std::vector<std::string>& labels, int type,
                             bool edns = false) {
  std::string out("\x12\x34\x01\0\0\x01\0\0\0\0\0", 11);
  out += static_cast<char>(edns);
  for (const std::string& label : labels) {
    out += static_cast<char>(label.size()) + label;
  }
  out += '\0';
  out += static_cast<char>(type >> 8);
  out += static_cast<char>(type & 0xff);
  out += std::string("\0\x01", 2);
  return edns ? out + std::string("\0\0\x29\x04\xd0\0\0\0\0\0\0", 11) : out;
}

}  // namespace faultrig
