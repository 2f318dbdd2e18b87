#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// What these bytes of gzip(1) come to; bytes that do not begin like it, as they
// are. Usage: they end early or late, are damaged, or come to more than
// `most`.
Result<std::string> gunzip(std::string_view bytes, std::size_t most);

// The same bytes, packed as gzip(1) packs them.
Result<std::string> gzip(std::string_view bytes);

}  // namespace faultrig
