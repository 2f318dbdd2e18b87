#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/evidence.h"
#include "harness/model/lesson.h"
#include "harness/model/verdict.h"
#include "harness/run/session.h"

namespace faultrig {

// Whoever wants to see a run while it lives opens the session with
// Session::Options::hear.

// What came of a run of a lesson.
struct LessonOutcome {
  Evidence evidence;
  Judgement judgement;  // of a scenario that expects nothing: was it watched?
  // Of each question the answer that the machine gives, an index into its
  // answers; nothing: none of them, or more than one.
  std::vector<std::optional<std::size_t>> truths;
};

// What became of the exercise, check by check.
struct ExerciseOutcome {
  bool solved = false;
  std::vector<std::string> missing;   // one line each; empty when solved
  std::vector<Judgement> judgements;  // of the checks that were run
};

// Can this machine do all of the lesson's runs and checks? `unsupported` with
// `needs ...: why`, where it lacks something.
Result<> can_do(Session& session, const Lesson& lesson);

// Lays the lesson's files out in a folder of the session's that ends with the
// call, runs number `run` (from 0) there, for real, and compares.
Result<LessonOutcome> run_lesson(Session& session, const Lesson& lesson,
                                 std::size_t run);

// The same from evidence that is there. Pure.
LessonOutcome outcome_of(const LessonRun& run, Evidence evidence);

// The exercise's files as they are handed over, into a folder that is made
// where it is missing; a file that is there stays as it is. Gives the names of
// those that were written.
Result<std::vector<std::string>> hand_over(const Lesson& lesson,
                                           const std::filesystem::path& folder);

// Runs the exercise's checks in that folder, with golden runs as for any
// scenario. An error: nothing could be said of it. A session builds nothing
// twice in one folder: for a second check of it open another session.
Result<ExerciseOutcome> check_exercise(Session& session, const Lesson& lesson,
                                       const std::filesystem::path& folder);

// An outcome on its way from a worker to whoever asked it (send_text()), and
// back. The judgement and the truths are made anew.
std::string outcome_text(const LessonRun& run, const LessonOutcome& outcome);
Result<LessonOutcome> parse_outcome(const LessonRun& run,
                                    const std::string& text);
std::string exercise_text(const ExerciseOutcome& outcome);
Result<ExerciseOutcome> parse_exercise(const std::string& text);

}  // namespace faultrig
