#pragma once

#include <cstddef>
#include <string>

#include "harness/base/result.h"

namespace faultrig {

// Of reading what the command line names: that it is not there is a mistake of
// whoever named it, a usage error.
Error of_named(Error error);

// Of a file that the command line names, `most` bytes; 0: as read_file().
Result<std::string> read_named(const std::string& file, std::size_t most = 0);

}  // namespace faultrig
