// That a file is gone says something only if it was there, and that one is left
// only if it was not there all along.
#include "harness/run/file_looks.h"

#include <glob.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/os/file_state.h"

namespace faultrig {

FileStates states_of(const std::filesystem::path& pattern) {
  glob_t found{};
  FileStates files;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a worker has one thread
  if (glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      files[found.gl_pathv[i]] = file_state(found.gl_pathv[i]);
    }
  }
  globfree(&found);
  return files;
}

void FileLooks::look(std::string_view when, const std::filesystem::path& tmp,
                     Recorder& recorder) {
  constexpr std::string_view kTmp = "$TMPDIR/";
  for (const std::string& pattern : globs_) {
    bool own = pattern.starts_with(kTmp);
    std::filesystem::path below = own ? pattern.substr(kTmp.size()) : pattern;
    FileStates files = own && tmp.empty()
                           ? FileStates()
                           : states_of((own ? tmp : folder_) / below);
    FileStates& before = at_start_[pattern];
    Observation seen;
    seen.fact = Fact::files_seen;
    seen.action = when;
    seen.path = pattern;
    seen.number = static_cast<std::int64_t>(files.size());
    bool same = std::all_of(files.begin(), files.end(), [&](const auto& file) {
      auto was = before.find(file.first);
      return was != before.end() && was->second == file.second;
    });
    seen.error = when != "start" && !files.empty() && same ? 1 : 0;
    seen.text = files.empty() ? "" : valid_utf8(files.begin()->first);
    recorder.add(std::move(seen));
    if (when == "start") {
      before = std::move(files);
    }
  }
}

}  // namespace faultrig
