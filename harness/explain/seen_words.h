#pragma once

#include "harness/explain/seen.h"

namespace faultrig {

// What only the whole of a package's lines shows.

// No test binary ran: all that was printed is go's and its tools'.
void give_to_tools(Seen& seen);

// A crash that names no one belongs to the package whose functions it shows.
void settle_owner(Seen& seen);

// A line of our own witness on this package's binary, in the log, says how it
// ended: `faultrig: store.test was OOM-killed: ...`.
void hear_witness(Seen& seen);

}  // namespace faultrig
