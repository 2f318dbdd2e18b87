#include "harness/lesson/trial.h"

#include <algorithm>
#include <utility>

#include "harness/lesson/engine.h"
#include "harness/lesson/laid_out.h"
#include "harness/lesson/lesson_plan.h"

namespace faultrig {

namespace {

using Lines = std::vector<std::string>;

// How the links ended, to see why.
std::string seen_in(const LessonOutcome& outcome) {
  return " (" + outcome.judgement.observed + ")";
}

// The link at which the truth is lost has ended, or was never started.
bool has_link(const LessonRun& run, const LessonOutcome& outcome) {
  std::string link = lesson_link(run.lost_at, run.scenario);
  const ExitChain& ends = outcome.evidence.exits();
  return std::any_of(ends.begin(), ends.end(),
                     [&link](const LinkEnd& end) { return end.name == link; });
}

void compare(const LessonRun& run, const LessonOutcome& outcome, Lines& wrong) {
  for (const Finding& finding : outcome.judgement.findings) {
    if (finding.verdict != Verdict::pass) {
      wrong.push_back(finding.because);
    }
  }
  if (!run.lost_at.empty() && !has_link(run, outcome)) {
    wrong.push_back("lost_at: no " + run.lost_at + " has ended" +
                    seen_in(outcome));
  }
  for (std::size_t i = 0; i < run.ask.size(); ++i) {
    const LessonQuestion& question = run.ask[i];
    const auto& truth = outcome.truths[i];
    std::size_t right = question.right_with(outcome.evidence.provenance().go);
    if (!truth) {
      wrong.push_back(question.text + " Not exactly one answer is right" +
                      seen_in(outcome));
    } else if (*truth != right) {
      wrong.push_back(question.text + " The lesson says " +
                      question.answers[right].text + ", the machine " +
                      question.answers[*truth].text + seen_in(outcome));
    }
  }
}

// A folder of its own for each: what go built in one is not built again there.
Result<ExerciseOutcome> outcome_with(Session& session, const Lesson& lesson,
                                     const std::vector<LessonFile>& over) {
  TRY_ASSIGN(TempDir folder, lesson_folder(session));
  TRY_ASSIGN(Lines written, lay_out(laid_over(exercise_files(lesson), over),
                                    folder.path(), Existing::replaced));
  return check_exercise(session, lesson, folder.path());
}

Result<> try_exercise(Session& session, const Lesson& lesson, Lines& wrong) {
  TRY_ASSIGN(ExerciseOutcome handed, outcome_with(session, lesson, {}));
  if (handed.solved) {
    wrong.emplace_back("the exercise is solved as it is handed over");
  }
  TRY_ASSIGN(ExerciseOutcome solved,
             outcome_with(session, lesson, lesson.exercise->solution));
  for (const std::string& missing : solved.missing) {
    wrong.push_back("the solution does not solve it: " + missing);
  }
  return Ok{};
}

}  // namespace

Result<Lines> try_lesson(Session& session, const Lesson& lesson) {
  TRY(can_do(session, lesson));
  Lines wrong;
  for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
    TRY_ASSIGN(LessonOutcome outcome, run_lesson(session, lesson, i));
    compare(lesson.runs[i], outcome, wrong);
  }
  if (lesson.exercise) {
    TRY(try_exercise(session, lesson, wrong));
  }
  return wrong;
}

}  // namespace faultrig
