#pragma once

#include <span>
#include <string_view>

namespace faultrig {

// A file of harness/explain/causes, as it was when this program was built.
struct CauseFile {
  std::string_view name;
  std::string_view text;
};

std::span<const CauseFile> cause_files();

}  // namespace faultrig
