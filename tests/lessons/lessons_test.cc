// Each lesson is done: what it runs, what the machine answers, the exercise as
// it is handed over, which must not pass, and its solution, which must.

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "harness/lesson/engine.h"
#include "harness/lesson/laid_out.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/lesson/shelf.h"
#include "tests/injectors/rig.h"

namespace faultrig {

void PrintTo(const Lesson& lesson, std::ostream* out) { *out << lesson.name; }

namespace {

std::vector<Lesson> lessons() { return built_in_lessons().value(); }

class Lessons : public ::testing::TestWithParam<Lesson> {
 protected:
  void SetUp() override {
    auto can = can_do(Rig::session(), GetParam());
    if (!can && can.error().kind == ErrorKind::unsupported) {
      GTEST_SKIP() << can.error().what;
    }
    ASSERT_TRUE(can) << can.error().what;
  }
};

std::string ends_of(const LessonOutcome& outcome) {
  return outcome.judgement.observed + "\n" + outcome.evidence.out() +
         outcome.evidence.err();
}

// The link at which the truth is lost has ended, or never started.
bool has_link(const LessonOutcome& outcome, const LessonRun& run) {
  std::string link = lesson_link(run.lost_at, run.scenario);
  const ExitChain& ends = outcome.evidence.exits();
  return std::any_of(ends.begin(), ends.end(),
                     [&](const LinkEnd& end) { return end.name == link; });
}

TEST_P(Lessons, TellWhatTheMachineSays) {
  const Lesson& lesson = GetParam();
  for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
    auto outcome = run_lesson(Rig::session(), lesson, i);
    ASSERT_TRUE(outcome) << outcome.error().what;
    EXPECT_EQ(outcome->judgement.verdict, Verdict::pass)
        << told(outcome->judgement) << ends_of(*outcome);
    const LessonRun& run = lesson.runs[i];
    EXPECT_TRUE(run.lost_at.empty() || has_link(*outcome, run))
        << run.lost_at << ": " << ends_of(*outcome);
    for (std::size_t k = 0; k < run.ask.size(); ++k) {
      const LessonQuestion& question = run.ask[k];
      ASSERT_TRUE(outcome->truths[k]) << question.text << ends_of(*outcome);
      EXPECT_EQ(
          question.answers[*outcome->truths[k]].text,
          question
              .answers[question.right_with(outcome->evidence.provenance().go)]
              .text)
          << question.text << ends_of(*outcome);
    }
  }
}

std::string missing_in(const ExerciseOutcome& outcome) {
  std::string out;
  for (const std::string& missing : outcome.missing) {
    out += missing + "\n";
  }
  for (const Judgement& judgement : outcome.judgements) {
    out += told(judgement);
    for (const std::string& text :
         {judgement.printed.out, judgement.printed.err}) {
      out += text;
    }
  }
  return out;
}

TEST_P(Lessons, HaveAnExerciseThatIsSolvedByItsSolutionAlone) {
  const Lesson& lesson = GetParam();
  if (!lesson.exercise) {
    return;
  }
  TempDir first = lesson_folder(Rig::session()).value();
  ASSERT_TRUE(hand_over(lesson, first.path()));
  auto handed = check_exercise(Rig::session(), lesson, first.path());
  ASSERT_TRUE(handed) << handed.error().what;
  EXPECT_FALSE(handed->solved) << missing_in(*handed);
  EXPECT_FALSE(handed->missing.empty());
  // In another folder: what go built in the first one is not built again.
  TempDir second = lesson_folder(Rig::session()).value();
  ASSERT_TRUE(hand_over(lesson, second.path()));
  ASSERT_TRUE(
      lay_out(lesson.exercise->solution, second.path(), Existing::replaced));
  auto solved = check_exercise(Rig::session(), lesson, second.path());
  ASSERT_TRUE(solved) << solved.error().what;
  EXPECT_TRUE(solved->solved) << missing_in(*solved);
}

std::string name_of(const ::testing::TestParamInfo<Lesson>& chosen) {
  std::string name = chosen.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return "L" + name;
}

INSTANTIATE_TEST_SUITE_P(All, Lessons, ::testing::ValuesIn(lessons()), name_of);

}  // namespace
}  // namespace faultrig
