#include "harness/store/evidence_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/model/crash.h"
#include "harness/model/observe.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 256 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// `x`: never through a link or into a file that somebody else left there.
Result<> write_new(const fs::path& path, std::string_view text) {
  File file(std::fopen(path.c_str(), "wxe"));
  if (!file) {
    return system_error("create " + path.string(), errno);
  }
  std::size_t written = std::fwrite(text.data(), 1, text.size(), file.get());
  bool flushed = std::fflush(file.get()) == 0;
  if (written != text.size() || !flushed) {
    return system_error("write " + path.string(), errno);
  }
  if (std::fclose(file.release()) != 0) {
    return system_error("write " + path.string(), errno);
  }
  return Ok{};
}

Result<> write_whole(const fs::path& path, std::string_view text) {
  fs::path fresh = path;
  fresh += ".new";
  std::error_code trouble;
  fs::remove(fresh, trouble);
  Result<> written = write_new(fresh, text);
  if (!written) {
    fs::remove(fresh, trouble);
    return written;
  }
  fs::rename(fresh, path, trouble);
  if (trouble) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return system_error("rename " + fresh.string(), trouble.value());
  }
  return Ok{};
}

// Empty if the file is not there.
Result<std::string> read_if_there(const fs::path& path) {
  auto text = read_regular_file(path.string(), kLargestFile);
  return !text && text.error().os_errno == ENOENT ? Result(std::string())
                                                  : text;
}

// An empty text has no file.
Result<> write_or_remove(const fs::path& path, std::string_view text) {
  if (!text.empty()) {
    return write_whole(path, text);
  }
  std::error_code trouble;
  fs::remove(path, trouble);
  return Ok{};
}

// An older run's are not these. What ends with a slash is a folder.
Result<> write_files(const fs::path& folder,
                     const std::map<std::string, std::string>& files) {
  std::error_code trouble;
  fs::remove_all(folder / kCrashFolder, trouble);
  fs::remove_all(folder / kProfileFolder, trouble);
  fs::remove_all(folder / kTimelineFolder, trouble);
  for (const auto& [name, content] : files) {
    fs::path path = folder / name;
    bool is_folder = name.ends_with('/');
    fs::create_directories(is_folder ? path : path.parent_path(), trouble);
    if (trouble) {
      return system_error("create folder for " + path.string(),
                          trouble.value());
    }
    if (!is_folder) {
      TRY(write_new(path, content));
    }
  }
  return Ok{};
}

// Those at or below `root` that hold a file of this name.
template <typename Test>
std::vector<fs::path> folders_with(const fs::path& root, const char* name,
                                   Test test) {
  std::vector<fs::path> out;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(root, failed), end;
       !failed && at != end; at.increment(failed)) {
    if (at->path().filename() == name && test(at->path().parent_path())) {
      out.push_back(at->path().parent_path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<> write_evidence(const fs::path& folder, const Evidence& evidence,
                        const Scenario& scenario, const KeptTexts& texts) {
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (trouble) {
    return system_error("create folder " + folder.string(), trouble.value());
  }
  fs::remove(folder / "evidence.jsonl", trouble);
  TRY(write_whole(folder / "stdout", evidence.out()));
  TRY(write_whole(folder / "stderr", evidence.err()));
  TRY(write_or_remove(folder / "plan.txt", texts.plan));
  TRY(write_or_remove(folder / "scenario.yaml", texts.scenario_yaml));
  TRY(write_files(folder, evidence.parts().files));
  return write_whole(folder / "evidence.jsonl",
                     evidence_text(evidence, scenario));
}

Result<KeptEvidence> read_evidence(const fs::path& folder) {
  fs::path main = folder / "evidence.jsonl";
  TRY_ASSIGN(std::string text, read_regular_file(main.string(), kLargestFile));
  TRY_ASSIGN(KeptEvidence kept, parse_evidence(text, main.string()));
  // A run always ends with this: what was cut off would answer no question.
  const auto& trace = kept.parts.trace;
  if (std::none_of(trace.begin(), trace.end(), [](const Observation& seen) {
        return seen.fact == Fact::run_ended;
      })) {
    return usage_error(main.string() + " is not whole: no run_ended in it");
  }
  TRY_ASSIGN(kept.parts.out,
             read_regular_file((folder / "stdout").string(), kLargestFile));
  TRY_ASSIGN(kept.parts.err,
             read_regular_file((folder / "stderr").string(), kLargestFile));
  TRY_ASSIGN(kept.scenario_yaml, read_if_there(folder / "scenario.yaml"));
  return kept;
}

std::vector<fs::path> evidence_folders(const fs::path& root) {
  return folders_with(root, "evidence.jsonl",
                      [](const fs::path&) { return true; });
}

std::vector<fs::path> folders_without_evidence(const fs::path& root) {
  return folders_with(root, "scenario.yaml", [](const fs::path& folder) {
    std::error_code failed;
    return fs::exists(folder / "stdout", failed) &&
           !fs::exists(folder / "evidence.jsonl", failed);
  });
}

Result<fs::path> one_run_of(const fs::path& root) {
  constexpr std::size_t kMostTold = 4;
  std::error_code ignored;
  if (fs::exists(root / "evidence.jsonl", ignored)) {
    return root;
  }
  std::vector<fs::path> runs = evidence_folders(root);
  if (runs.size() == 1) {
    return runs.front();
  }
  if (runs.empty()) {
    return root;  // reading it says what is wrong
  }
  std::vector<std::string> told;
  for (std::size_t i = 0; i < std::min(runs.size(), kMostTold); ++i) {
    told.push_back(for_one_line(runs[i].string()));
  }
  std::string more =
      runs.size() > kMostTold
          ? " and " + std::to_string(runs.size() - kMostTold) + " more"
          : "";
  return usage_error(for_one_line(root.string()) + " holds " +
                     std::to_string(runs.size()) +
                     " runs; name those to judge: " + join(told, ", ") + more);
}

}  // namespace faultrig
