#pragma once

// The parts that lesson_reader.cc puts together.

#include <filesystem>

#include "harness/model/lesson.h"
#include "harness/model/schema.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// What the readers of a lesson's parts know of the rest.
struct LessonContext {
  const Language& language;
  const std::filesystem::path& folder;  // as of LessonSource
  Complaints& complaints;
};

// `ask` of a run whose map is `run`: questions, each with its answers.
std::vector<LessonQuestion> read_questions(const YamlNode& ask,
                                           const YamlNode& run,
                                           const LessonContext& here);

// `exercise`, without what the Markdown has of it.
LessonExercise read_exercise(const YamlNode& node, const LessonContext& here);

// A map of a lesson that has `workload`, `faults` and perhaps `expect`.
Scenario read_lesson_scenario(const YamlNode& node, const LessonContext& here);

}  // namespace faultrig
