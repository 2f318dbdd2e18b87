#include "harness/os/shim_address.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace faultrig {

Result<UnixAddress> socket_address(const std::string& path) {
  UnixAddress out;
  out.name.sun_family = AF_UNIX;
  std::string way = path;
  if (way.size() >= sizeof out.name.sun_path) {
    std::filesystem::path given(path);
    TRY_ASSIGN(out.folder, open_file(AT_FDCWD, given.parent_path().string(),
                                     O_PATH | O_DIRECTORY));
    way = "/proc/self/fd/" + std::to_string(out.folder.get()) + "/" +
          given.filename().string();
  }
  if (way.size() >= sizeof out.name.sun_path) {
    return system_error("make a socket at " + path, ENAMETOOLONG);
  }
  std::memcpy(out.name.sun_path, way.c_str(), way.size() + 1);
  return out;
}

}  // namespace faultrig
