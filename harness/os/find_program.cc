#include "harness/os/find_program.h"

#include <algorithm>
#include <cerrno>

#include "harness/os/machine.h"

namespace faultrig {

Result<std::string> find_program(const std::string& name,
                                 const std::vector<std::string>& env) {
  if (name.find('/') != std::string::npos) {
    return name;  // exec says what is wrong with it
  }
  std::string list = "/usr/local/bin:/usr/bin:/bin";
  for (const std::string& entry : env) {
    if (entry.starts_with("PATH=")) {
      list = entry.substr(5);
    }
  }
  for (std::size_t at = 0; at <= list.size();) {
    std::size_t end = std::min(list.find(':', at), list.size());
    std::string folder = list.substr(at, end - at);
    std::string path = (folder.empty() ? "." : folder) + "/" + name;
    if (is_program(path)) {
      return path;
    }
    at = end + 1;
  }
  return Error{ErrorKind::unsupported,
               "needs the program '" + name + "', which is not on PATH", 0};
}

std::string path_hint(const std::string& name, int os_errno) {
  bool searched = os_errno == ENOENT && name.find('/') == std::string::npos;
  return searched ? " (PATH was searched; write ./" + name +
                        " for a file of the folder it runs in)"
                  : "";
}

}  // namespace faultrig
