#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// The folder of /proc that shows what the threads of a process share, its
// descriptors and its namespaces: `/proc/PID`, or, where its first thread has
// ended and others live, that of one of them.
std::string living_thread(int pid);

// Has it one? False: it has ended, whether or not somebody waited for it.
bool has_living_thread(int pid);

// The network namespace that a process lives in; an error where it has ended.
Result<Fd> network_of(int pid);

}  // namespace faultrig
