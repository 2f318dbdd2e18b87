#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/lesson.h"
#include "harness/model/schema.h"
#include "harness/parse/complaint.h"

namespace faultrig {

struct LessonSource {
  std::string file;  // to show; `NN-name.md` gives the lesson's name
  // Where its files lie, absolute: what the paths of its workloads are relative
  // to. Empty: nowhere yet; paths stay as they are written.
  std::filesystem::path folder;
};

struct ReadLesson {
  std::optional<Lesson> lesson;       // only if there are no complaints
  std::vector<Complaint> complaints;  // in order of place, at most 20
};

// Reads and checks a whole lesson (docs/lessons/README.md): front matter in
// YAML, with the sections of a scenario, then Markdown. Looks at the file
// system only to see whether the folders that its workloads name are in
// `folder`. Takes any bytes; never throws.
ReadLesson read_lesson(std::string_view text, const LessonSource& source,
                       const Language& language);

}  // namespace faultrig
