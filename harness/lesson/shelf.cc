#include "harness/lesson/shelf.h"

#include <fcntl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/folder_paths.h"
#include "harness/base/text.h"
#include "harness/lesson/lesson_pages.h"
#include "harness/parse/lesson_reader.h"
#include "harness/plan/planner.h"
#include "harness/plan/possible.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// One byte more than a reader takes, so that it can say so.
constexpr std::size_t kMostRead = (1 << 20) + 1;

void add_troubles(const Scenario& scenario, std::vector<Complaint>& out) {
  std::vector<PlanTrouble> troubles = make_plan(scenario, 1).troubles;
  for (PlanTrouble& trouble : impossible_in(scenario)) {
    troubles.push_back(std::move(trouble));
  }
  for (const PlanTrouble& trouble : troubles) {
    out.push_back({trouble.place, trouble.what, 1});
  }
}

// What reads well and cannot be run.
std::vector<Complaint> troubles_of(const Lesson& lesson) {
  std::vector<Complaint> out;
  for (const Scenario* scenario : lesson.scenarios()) {
    add_troubles(*scenario, out);
  }
  return out;
}

Result<Lesson> read_one(std::string_view text, const LessonSource& source) {
  ReadLesson read = read_lesson(text, source, full_language());
  std::vector<Complaint> complaints =
      read.lesson ? troubles_of(*read.lesson) : std::move(read.complaints);
  if (complaints.empty()) {
    return std::move(*read.lesson);
  }
  std::string told;
  for (const Complaint& complaint : complaints) {
    told += format_complaint(for_one_line(source.file), text, complaint);
  }
  return usage_error(told);
}

Result<std::vector<Lesson>> in_order(std::vector<Lesson> lessons) {
  std::sort(lessons.begin(), lessons.end(),
            [](const Lesson& a, const Lesson& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < lessons.size(); ++i) {
    if (lessons[i].number == lessons[i - 1].number) {
      return usage_error(lessons[i].file + ": " + lessons[i - 1].file +
                         " has the same number");
    }
  }
  return lessons;
}

// Such as `07-false-greens.md`: a page for teachers may lie beside them.
bool is_lesson(const fs::path& file) {
  std::string name = file.filename().string();
  return file.extension() == ".md" && !name.empty() && name[0] >= '0' &&
         name[0] <= '9';
}

}  // namespace

Result<std::vector<Lesson>> built_in_lessons() {
  std::vector<Lesson> out;
  for (const LessonPage& page : lesson_pages()) {
    std::string file = "docs/lessons/" + std::string(page.name);
    auto lesson = read_one(page.text, {file, {}});
    if (!lesson) {
      return internal_error(lesson.error().what);
    }
    out.push_back(std::move(*lesson));
  }
  return in_order(std::move(out));
}

Result<std::vector<Lesson>> lessons_in(const fs::path& folder) {
  std::vector<Lesson> out;
  std::string wrong;
  std::error_code failed;
  auto files = paths_in(folder);
  if (!files) {
    return usage_error("the lessons: " + for_one_line(files.error().what));
  }
  for (const fs::path& file : *files) {
    if (!is_lesson(file)) {
      continue;
    }
    if (!fs::is_regular_file(file, failed)) {
      return usage_error(for_one_line(file.string()) + ": not a regular file");
    }
    TRY_ASSIGN(std::string text, read_file(AT_FDCWD, file.string(), kMostRead));
    auto lesson = read_one(text, {file.string(), {}});
    lesson ? out.push_back(std::move(*lesson))
           : (void)(wrong += lesson.error().what);
  }
  if (!wrong.empty() || out.empty()) {
    return usage_error(!wrong.empty() ? wrong
                                      : "no lessons (NN-name.md) in " +
                                            for_one_line(folder.string()));
  }
  return in_order(std::move(out));
}

Result<Lesson> lesson_at(const Lesson& lesson, const fs::path& folder) {
  return read_one(lesson.text, {lesson.file, folder});
}

}  // namespace faultrig
