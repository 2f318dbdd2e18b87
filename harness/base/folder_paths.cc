#include "harness/base/folder_paths.h"

#include <algorithm>
#include <system_error>

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// Of those whose names end so, and are longer.
template <typename Iterator>
Result<std::vector<fs::path>> sorted_paths(const fs::path& folder,
                                           std::string_view ending) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (Iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    std::string name = at->path().filename().string();
    if (name.size() > ending.size() && name.ends_with(ending)) {
      out.push_back(at->path());
    }
  }
  if (failed) {
    return system_error("read the folder " + folder.string(), failed.value());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<std::vector<fs::path>> paths_in(const fs::path& folder) {
  return sorted_paths<fs::directory_iterator>(folder, "");
}

Result<std::vector<fs::path>> paths_below(const fs::path& folder,
                                          std::string_view ending) {
  return sorted_paths<fs::recursive_directory_iterator>(folder, ending);
}

}  // namespace faultrig
