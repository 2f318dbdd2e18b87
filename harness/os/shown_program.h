#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/wait_status.h"

namespace faultrig {

// How a program ended that somebody was shown.
struct ShownEnd {
  WaitStatus status{0};
  int signal = 0;  // that came to us meanwhile, to end us; 0: none
};

// Runs a program to its end, in that folder, with our own standard streams, as
// a shell would: what it prints is seen at once. argv[0] is a path, or a name
// that PATH has. Ctrl-C reaches it without us, and we wait for it to clean up;
// SIGTERM and SIGHUP to us are passed on. Blocks signals as
// take_ending_signals() does; the program gets none blocked. Not after fork.
Result<ShownEnd> show_program(const std::vector<std::string>& argv,
                              const std::filesystem::path& folder);

}  // namespace faultrig
