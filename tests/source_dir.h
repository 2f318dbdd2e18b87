#pragma once

#include <string>

namespace faultrig {

// The root of the sources that this tree is built from. A function of a source
// that the build writes, and no macro: so the compiler's command line is the
// same in every checkout, and a compiler cache answers for all of them.
std::string source_dir();

}  // namespace faultrig
