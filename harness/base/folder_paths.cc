#include "harness/base/folder_paths.h"

#include <algorithm>
#include <system_error>

namespace faultrig {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> paths_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    out.push_back(at->path());
  }
  if (failed) {
    return system_error("read the folder " + folder.string(), failed.value());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace faultrig
