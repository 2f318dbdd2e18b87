// A run in a folder of its own still shares the rest of the machine with those
// beside it and behind it. Nobody can keep a service from that; it can be told.
#include "harness/campaign/own_places.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "harness/os/file_state.h"
#include "harness/run/left_files.h"
#include "harness/run/service_folder.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// A file system stamps with the clock of the last tick.
constexpr std::chrono::milliseconds kTick{10};

void replace_all(std::string& text, const std::string& what,
                 std::string_view by) {
  for (std::size_t at = what.empty() ? text.npos : text.find(what);
       at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

bool is_below(const std::string& path, const std::string& folder) {
  return !folder.empty() && path.starts_with(folder + "/");
}

// `/healthz` is hardly the name of a file.
bool may_be_made(const fs::path& path) {
  std::error_code failed;
  return !fs::exists(fs::symlink_status(path, failed)) &&
         path.parent_path() != path.root_path() &&
         fs::is_directory(path.parent_path(), failed);
}

bool is_of_kernel(const std::string& path) {
  constexpr std::array<const char*, 3> kPlaces{"/proc", "/sys", "/dev"};
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](const char* place) { return is_below(path, place); });
}

}  // namespace

void name_own_places(const Learnt& learnt, std::string_view folder,
                     std::string_view tmp, std::string& text) {
  replace_all(text, learnt.tmp.path().string(), tmp);
  replace_all(text, learnt.folder.string(), folder);
}

SharedFiles::SharedFiles(const Workload& workload)
    : since_(std::chrono::system_clock::now().time_since_epoch() - kTick) {
  if (!keeps_all(workload)) {
    return;
  }
  folder_ = workload.cwd.string();
  for (const fs::path& path : files_named_in(workload.command)) {
    (may_be_made(path) ? made_ : named_).push_back(path.string());
  }
}

bool SharedFiles::is_written(const fs::path& path) const {
  std::error_code failed;
  std::vector<std::int64_t> state = file_state(path.string());
  return state.size() > 6 && !fs::is_directory(path, failed) &&
         std::chrono::seconds(state[5]) + std::chrono::nanoseconds(state[6]) >=
             since_;
}

std::vector<std::string> SharedFiles::found(
    const Learnt& learnt, std::vector<std::string> paths) const {
  std::vector<std::string> out = made_;
  if (folder_.empty()) {
    return out;
  }
  const std::string own = learnt.folder.string();
  paths.insert(paths.end(), named_.begin(), named_.end());
  for (const std::string& path : paths) {
    std::error_code failed;
    // What a link of the folder led to: that is gone by now.
    std::string meant =
        is_below(path, own) ? folder_ + path.substr(own.size()) : path;
    std::string real = fs::weakly_canonical(meant, failed).string();
    bool counts = !failed && meant.starts_with('/') && !is_of_kernel(real) &&
                  !is_below(path, learnt.tmp.path().string());
    if (counts && is_written(real)) {
      out.push_back(real);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace faultrig
