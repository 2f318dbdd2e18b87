#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/lesson.h"

namespace faultrig {

// The files of a lesson's runs; with a go.mod where it brings none.
std::vector<LessonFile> files_of(const Lesson& lesson);

// The same with those of its exercise laid over them. It has one.
std::vector<LessonFile> exercise_files(const Lesson& lesson);

// `over` takes the place of files of the same name, and joins the others.
std::vector<LessonFile> laid_over(std::vector<LessonFile> files,
                                  const std::vector<LessonFile>& over);

// Writes files below a folder that is there, with the folders that they need; a
// file that begins with `#!` may be executed. One that is there is replaced, or
// stays, as is asked. Gives the names of those that were written.
enum class Existing { replaced, kept };
Result<std::vector<std::string>> lay_out(const std::vector<LessonFile>& files,
                                         const std::filesystem::path& folder,
                                         Existing existing);

}  // namespace faultrig
