#include "harness/os/token.h"

#include <sys/random.h>

#include <cerrno>
#include <vector>

#include <fmt/format.h>

namespace faultrig {

Result<std::string> random_token(std::size_t bytes) {
  std::vector<unsigned char> drawn(bytes);
  std::size_t done = 0;
  while (done < bytes) {
    ssize_t got = getrandom(drawn.data() + done, bytes - done, 0);
    if (got < 0 && errno != EINTR) {
      return system_error("draw random bytes", errno);
    }
    done += got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  std::string out;
  for (unsigned char byte : drawn) {
    out += fmt::format("{:02x}", byte);
  }
  return out;
}

}  // namespace faultrig
