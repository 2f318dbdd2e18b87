#include "harness/lesson/laid_out.h"

#include <algorithm>
#include <system_error>

#include "harness/os/machine.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// Without a requirement, so that go needs no network; as old a language as we
// promise to work with.
constexpr const char* kGoMod = "module lesson\n\ngo 1.19\n";

auto named(const std::string& name) {
  return [&name](const LessonFile& file) { return file.name == name; };
}

Result<> make_above(const fs::path& file) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  return failed ? system_error("make the folder " + file.parent_path().string(),
                               failed.value())
                : Result<>(Ok{});
}

}  // namespace

std::vector<LessonFile> files_of(const Lesson& lesson) {
  std::vector<LessonFile> out = lesson.files;
  if (std::none_of(out.begin(), out.end(), named("go.mod"))) {
    out.push_back({"go.mod", kGoMod, {}});
  }
  return out;
}

std::vector<LessonFile> exercise_files(const Lesson& lesson) {
  return laid_over(files_of(lesson), lesson.exercise->files);
}

std::vector<LessonFile> laid_over(std::vector<LessonFile> files,
                                  const std::vector<LessonFile>& over) {
  for (const LessonFile& file : over) {
    auto found = std::find_if(files.begin(), files.end(), named(file.name));
    found == files.end() ? files.push_back(file) : (void)(*found = file);
  }
  return files;
}

Result<std::vector<std::string>> lay_out(const std::vector<LessonFile>& files,
                                         const fs::path& folder,
                                         Existing existing) {
  std::vector<std::string> written;
  for (const LessonFile& file : files) {
    fs::path path = folder / file.name;
    std::error_code failed;
    bool there = fs::exists(fs::symlink_status(path, failed));
    if (there && existing == Existing::kept) {
      continue;
    }
    bool program = file.text.starts_with("#!");
    TRY(make_above(path));
    TRY(write_program(path.string(), file.text, program ? 0755 : 0644));
    written.push_back(file.name);
  }
  return written;
}

}  // namespace faultrig
