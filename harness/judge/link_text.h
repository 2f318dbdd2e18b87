#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/model/verdict.h"

namespace faultrig {

// How a link ended, in words: `exited 2`, `killed by SIGTERM`,
// `never started`, and of what we did ourselves `hung (stopped by us with
// SIGQUIT, then exited 2)`.
std::string end_words(const LinkEnd& end);

// The same as data.
JudgedEnd judged_end(const LinkEnd& end);

}  // namespace faultrig
