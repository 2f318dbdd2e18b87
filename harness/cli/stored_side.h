#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/snapshot.h"

namespace faultrig {

// Is there a file or a folder of this name?
bool is_stored(const std::string& name);

// A snapshot from a file, of anybody's making, or from a folder of kept
// evidence: of all runs of one scenario below it. Usage: there is no such
// thing, or it is none; the text names the place, `shop.snap:12: ...`.
Result<Snapshot> stored_side(const std::string& name);

}  // namespace faultrig
