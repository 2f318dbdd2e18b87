#pragma once

#include <span>
#include <string_view>

namespace faultrig {

// A file of harness/report/page, as it was when this program was built.
struct PageFile {
  std::string_view name;
  std::string_view text;
};

std::span<const PageFile> page_files();

}  // namespace faultrig
