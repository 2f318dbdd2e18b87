#pragma once

#include <string>
#include <vector>

namespace faultrig {

// The `-exec` program of `go test`: asks faultrig at the socket in `path` which
// steps to take, starts `argv` with them, forwards signals, reports how it
// ended, and ends the same way. Returns only when it could not start `argv`:
// the exit code (126, 127 as a shell's).
int witness(const std::string& path, const std::vector<std::string>& argv);

// Tells faultrig that the broken program of `fault` was started.
int announce(const std::string& path, int fault);

}  // namespace faultrig
