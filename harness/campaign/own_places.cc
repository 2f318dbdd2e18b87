// A run in a folder of its own still shares the rest of the machine with those
// beside it and behind it. Nobody can keep a service from that; it can be told.
#include "harness/campaign/own_places.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>
#include <utility>

#include "harness/base/path_place.h"
#include "harness/os/file_state.h"
#include "harness/run/left_files.h"
#include "harness/run/service_folder.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& what,
                 std::string_view by) {
  for (std::size_t at = what.empty() ? text.npos : text.find(what);
       at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

bool is_own(const Learnt& learnt, const std::string& path) {
  const fs::path& top = learnt.top.empty() ? learnt.folder : learnt.top;
  return is_below(path, top.string());
}

// `/healthz` is hardly the name of a file.
bool may_be_made(const fs::path& path) {
  std::error_code failed;
  return !fs::exists(fs::symlink_status(path, failed)) &&
         path.parent_path() != path.root_path() &&
         fs::is_directory(path.parent_path(), failed);
}

// Two that make, or take away, the same name are in each other's way, though
// nothing is left of it. Of rename(2) this is the name before.
bool is_of_what_may_go(std::string_view call) {
  constexpr std::array<std::string_view, 7> kCalls{
      "listen",   "unlink",    "unlinkat", "rename",
      "renameat", "renameat2", "rmdir"};
  return std::find(kCalls.begin(), kCalls.end(), call) != kCalls.end();
}

}  // namespace

void name_own_places(const Learnt& learnt, std::string_view folder,
                     std::string_view tmp, std::string& text) {
  replace_all(text, learnt.tmp.path().string(), tmp);
  replace_all(text, learnt.folder.string(), folder);
  fs::path way = learnt.top.lexically_relative(learnt.folder);
  if (!learnt.top.empty() && fs::path(folder).is_absolute()) {
    fs::path top = (fs::path(folder) / way).lexically_normal();
    replace_all(text, learnt.top.string(), top.string());
  }
}

SharedFiles::SharedFiles(const Workload& workload) : since_(earliest_stamp()) {
  if (!keeps_all(workload)) {
    return;
  }
  folder_ = workload.cwd.string();
  for (const fs::path& path : files_named_in(workload.command)) {
    (may_be_made(path) ? made_ : named_).push_back(path.string());
  }
}

std::string SharedFiles::beyond(const Learnt& learnt,
                                const std::string& path) const {
  std::error_code failed;
  // What a link of the folder led to: that is gone by now.
  fs::path way = fs::path(path).lexically_relative(learnt.folder);
  std::string meant =
      is_own(learnt, path)
          ? (fs::path(folder_) / way).lexically_normal().string()
          : path;
  std::string real = fs::weakly_canonical(meant, failed).string();
  bool counts = !failed && meant.starts_with('/') && !is_of_kernel(real) &&
                !is_below(path, learnt.tmp.path().string());
  return counts ? real : "";
}

std::vector<std::string> SharedFiles::found(
    const Learnt& learnt, std::span<const Observation> trace) const {
  std::set<std::string> out(made_.begin(), made_.end());
  if (folder_.empty()) {
    return {};
  }
  auto take = [&](const std::string& path, bool gone) {
    std::string real = beyond(learnt, path);
    if (!real.empty() &&
        (gone ? !is_own(learnt, path) : is_touched_since(real, since_))) {
      out.insert(real);
    }
  };
  for (const std::string& path : named_) {
    take(path, false);
  }
  for (const Observation& seen : trace) {
    if (seen.fact == Fact::call_intercepted) {
      take(seen.path, is_of_what_may_go(seen.call));
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace faultrig
