#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/lesson/engine.h"
#include "harness/lesson/progress.h"
#include "harness/model/lesson.h"

namespace faultrig {

// The answer (from 0) that `typed` means, by its letter or in its own words;
// nothing: none of them. Pure.
std::optional<std::size_t> answer_meant(const LessonQuestion& question,
                                        std::string_view typed);
// `a to d`. Pure.
std::string letters_of(const LessonQuestion& question);

// What `faultrig learn` shows, safe for a terminal whatever a lesson or a run
// brings. Pure.
class LessonText {
 public:
  explicit LessonText(bool color) : color_(color) {}

  // `Lesson 1 of 12: ...`, what it is about and its files.
  std::string opening(const Lesson& lesson, std::size_t of) const;
  // The command of a run and the faults that it suffers.
  std::string run(const LessonRun& run) const;
  // A question with its answers, a letter before each: most of them are
  // numbers.
  std::string question(const LessonQuestion& question) const;
  // The exit chain, the link at which the truth was lost, what was printed.
  std::string came(const LessonRun& run, const LessonOutcome& outcome) const;
  // A line for each question: what was predicted (indices), what the machine
  // says.
  std::string compared(const LessonRun& run, const LessonOutcome& outcome,
                       const std::vector<std::size_t>& predicted) const;
  std::string why(const Lesson& lesson) const;
  // The task, where its files are, and how it is checked.
  std::string exercise(const Lesson& lesson, const std::string& folder) const;
  std::string checked(const Lesson& lesson,
                      const ExerciseOutcome& outcome) const;
  // `ok      01-exit-255`, and below it why not, if so.
  std::string tried(const Lesson& lesson, const std::string& verdict,
                    const std::string& why) const;
  // A line for each lesson, and below it what it needs of a machine.
  std::string list(const std::vector<Lesson>& lessons,
                   const LessonProgress& progress) const;

 private:
  std::string painted(const char* how, const std::string& text) const;
  bool color_;
};

}  // namespace faultrig
