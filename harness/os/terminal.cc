// TIOCGWINSZ in ioctl_tty(2): asked each time, for people change it meanwhile.
#include "harness/os/terminal.h"

#include <sys/ioctl.h>

namespace faultrig {

std::optional<TerminalSize> terminal_size(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
      size.ws_row == 0) {
    return std::nullopt;
  }
  return TerminalSize{size.ws_col, size.ws_row};
}

}  // namespace faultrig
