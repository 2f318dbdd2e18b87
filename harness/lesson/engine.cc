// A lesson runs in a folder of its own. What is around it must not change what
// the machine says: no workspace, no flags and no other toolchain of the
// user's, and no network (go help environment).
#include "harness/lesson/engine.h"

#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/frame.h"
#include "harness/judge/expectation.h"
#include "harness/lesson/laid_out.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/lesson/shelf.h"
#include "harness/os/find_program.h"
#include "harness/run/runner.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

std::optional<std::size_t> truth_of(const LessonQuestion& question,
                                    const Evidence& evidence) {
  std::optional<std::size_t> truth;
  for (std::size_t i = 0; i < question.answers.size(); ++i) {
    const Expectation& expect = question.answers[i].expect;
    const ExpectationType* type = find_expectation(expect.type);
    bool holds = type != nullptr &&
                 type->check(expect.params, evidence).verdict == Verdict::pass;
    if (holds && truth) {
      return std::nullopt;
    }
    truth = holds ? i : truth;
  }
  return truth;
}

// Nobody shall be asked what go test ends with where there is none.
Result<> has_its_go(const Session& session, const Plan& plan) {
  if (!plan.has_go()) {
    return Ok{};
  }
  const std::string& go = plan.scenario.workload.go_test->go;
  return find_program(go, session.options().environment)
             ? Result<>(Ok{})
             : unsupported_error("needs " + for_one_line(go) +
                                 ", which is not on PATH");
}

}  // namespace

Result<> can_do(Session& session, const Lesson& lesson) {
  for (const Scenario* scenario : lesson.scenarios()) {
    TRY_ASSIGN(Plan plan, lesson_plan(*scenario));
    TRY(has_its_go(session, plan));
    TRY(session.can_run(plan));
  }
  return Ok{};
}

LessonOutcome outcome_of(const LessonRun& run, Evidence evidence) {
  Scenario asks_nothing = run.scenario;
  asks_nothing.expect.clear();
  Judgement judgement = judge(asks_nothing, evidence);
  LessonOutcome out{std::move(evidence), std::move(judgement), {}};
  for (const LessonQuestion& question : run.ask) {
    out.truths.push_back(truth_of(question, out.evidence));
  }
  return out;
}

Result<LessonOutcome> run_lesson(Session& session, const Lesson& lesson,
                                 std::size_t run) {
  TRY_ASSIGN(TempDir folder, lesson_folder(session));
  TRY_ASSIGN(std::vector<std::string> written,
             lay_out(files_of(lesson), folder.path(), Existing::replaced));
  TRY_ASSIGN(Lesson here, lesson_at(lesson, folder.path()));
  if (run >= here.runs.size()) {
    return internal_error("a lesson has no such run");
  }
  TRY_ASSIGN(Plan plan, lesson_plan(here.runs[run].scenario));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {}));
  return outcome_of(here.runs[run], std::move(evidence));
}

std::string outcome_text(const LessonRun& run, const LessonOutcome& outcome) {
  const Evidence& evidence = outcome.evidence;
  return texts_text({0,
                     {evidence_text(evidence, run.scenario), evidence.out(),
                      evidence.err()}});
}

Result<LessonOutcome> parse_outcome(const LessonRun& run,
                                    const std::string& text) {
  TRY_ASSIGN(FramedTexts frame, parse_texts(text, 3));
  TRY_ASSIGN(KeptEvidence kept, parse_evidence(frame.texts[0], "a run"));
  kept.parts.out = frame.texts[1];
  kept.parts.err = frame.texts[2];
  return outcome_of(run, Evidence(std::move(kept.parts)));
}

}  // namespace faultrig
