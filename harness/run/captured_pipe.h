#pragma once

#include "harness/base/fd.h"
#include "harness/run/capture.h"
#include "harness/run/loop.h"

namespace faultrig {

// Reads a pipe whenever there is something in it; at its end it is unwatched
// and closed. One that is closed already is left alone. All three must outlive
// the watch, and the pipe must not block.
void listen_to(Loop& loop, Fd& pipe, Capture& into);

// How many bytes were written to it so far, read or not.
std::uint64_t written_to(const Fd& pipe, const Capture& read);

// What is in it now.
void read_rest(const Fd& pipe, Capture& into);

}  // namespace faultrig
