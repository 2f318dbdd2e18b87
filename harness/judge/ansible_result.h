#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// What a command wrote on a host, as Ansible tells of it.
struct AnsibleResult {
  std::string text;    // its lines
  bool shown = false;  // by the module debug, which tells of it again
};

// Nothing if the line is none. Takes any bytes.
std::optional<AnsibleResult> ansible_result(std::string_view line);

}  // namespace faultrig
