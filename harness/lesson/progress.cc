#include "harness/lesson/progress.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/os/machine.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<std::string_view, LessonStage>, 2> kStages{
    {{"seen", LessonStage::seen}, {"solved", LessonStage::solved}}};

// An absolute path that a variable names, or nothing (XDG Base Directory).
fs::path path_in(const std::vector<std::string>& environment,
                 const std::string& name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name + "=/")) {
      return entry.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace

LessonStage stage_of(const LessonProgress& progress,
                     const std::string& lesson) {
  auto found = progress.find(lesson);
  return found == progress.end() ? LessonStage::fresh : found->second;
}

std::string progress_text(const LessonProgress& progress) {
  std::string out;
  for (const auto& [lesson, stage] : progress) {
    for (const auto& [word, named] : kStages) {
      out += named == stage ? std::string(word) + " " + lesson + "\n" : "";
    }
  }
  return out;
}

LessonProgress parse_progress(std::string_view text) {
  LessonProgress out;
  for (std::string_view line : lines_of(text)) {
    for (const auto& [word, stage] : kStages) {
      bool is = line.size() > word.size() + 1 && line.starts_with(word) &&
                line[word.size()] == ' ';
      if (is) {
        out[std::string(line.substr(word.size() + 1))] = stage;
      }
    }
  }
  return out;
}

Result<fs::path> progress_file(const std::vector<std::string>& environment) {
  fs::path state = path_in(environment, "XDG_STATE_HOME");
  fs::path home = path_in(environment, "HOME");
  if (state.empty() && home.empty()) {
    return usage_error(
        "no place to keep the progress: set HOME or XDG_STATE_HOME");
  }
  return (state.empty() ? home / ".local/state" : state) / "faultrig/learn";
}

Result<LessonProgress> load_progress(const fs::path& file) {
  std::error_code failed;
  if (fs::exists(file, failed) && !fs::is_regular_file(file, failed)) {
    return usage_error(file.string() + ": not a regular file");
  }
  auto text = read_file(AT_FDCWD, file.string());
  bool none = !text && (text.error().os_errno == ENOENT ||
                        text.error().os_errno == ENOTDIR);
  if (!text && !none) {
    return text.error();
  }
  return none ? LessonProgress() : parse_progress(*text);
}

Result<> save_progress(const fs::path& file, const LessonProgress& progress) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  fs::path fresh = file;
  fresh += "." + std::to_string(getpid()) + ".new";
  auto written = write_program(fresh.string(), progress_text(progress), 0600);
  if (written) {
    fs::rename(fresh, file, failed);
  }
  if (!written || failed) {
    std::error_code ignored;
    fs::remove(fresh, ignored);
    return written
               ? Result<>(system_error("keep the progress in " + file.string(),
                                       failed.value()))
               : written;
  }
  return Ok{};
}

}  // namespace faultrig
