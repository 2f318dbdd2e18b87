#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// `/proc/PID/REST` of a process or a thread (proc(5)). May run after fork.
inline std::string proc_path(int pid, std::string_view rest) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(rest);
}

}  // namespace faultrig
