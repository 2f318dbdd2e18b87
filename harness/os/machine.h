#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "harness/base/result.h"

namespace faultrig {

// `Linux 6.1.0-28-amd64` (uname(2)).
std::string kernel_version();

// CLOCK_REALTIME, since the epoch: for people and for other tools. It may jump;
// what is measured is measured by a clock that does not.
std::chrono::nanoseconds wall_clock();

// Has this process the capability of this number (CapEff in
// proc_pid_status(5))? If not, or where that cannot be known, unsupported.
Result<> has_capability(int number);

// mkdir(2) with the umask out of the way: exactly this mode.
Result<> make_folder(const std::string& path, unsigned mode);

// A new file with this content and exactly this mode, closed again.
Result<> write_program(const std::string& path, const std::string& content,
                       unsigned mode);

// A folder in which we may make files.
bool is_writable_folder(const std::string& path);

// Does execve(2) of this program fail with ETXTBSY now? It is run, without
// arguments, where it does not.
bool is_busy(const std::string& path);

// A regular file that we may execute.
bool is_program(const std::string& path);

// Fails if this process may not open so many descriptors.
Result<> need_descriptors(std::uint64_t count);
// Raises our own soft limit as far as it goes. What was started before, and
// what that starts, keeps its limits.
void take_all_descriptors();

// RLIMIT_NOFILE, for the shim's SetRlimit.
int descriptor_resource();

}  // namespace faultrig
