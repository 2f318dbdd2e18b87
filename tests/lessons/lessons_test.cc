// Each lesson is done: what it runs, what the machine answers, the exercise as
// it is handed over, which must not pass, and its solution, which must.

#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/lesson/engine.h"
#include "harness/lesson/laid_out.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/lesson/shelf.h"
#include "tests/injectors/rig.h"

namespace faultrig {
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

TEST_P(Lessons, TellWhatTheMachineSays) {
  const Lesson& lesson = GetParam();
  for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
    auto outcome = run_lesson(Rig::session(), lesson, i);
    ASSERT_TRUE(outcome) << outcome.error().what;
    EXPECT_EQ(outcome->judgement.verdict, Verdict::pass)
        << told(outcome->judgement) << ends_of(*outcome);
    const LessonRun& run = lesson.runs[i];
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

// The link at which the truth is lost has ended, or never started.
TEST_P(Lessons, NameALinkThatIsThere) {
  const Lesson& lesson = GetParam();
  for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
    const LessonRun& run = lesson.runs[i];
    if (run.lost_at.empty()) {
      continue;
    }
    auto outcome = run_lesson(Rig::session(), lesson, i);
    ASSERT_TRUE(outcome) << outcome.error().what;
    std::string link = lesson_link(run.lost_at, run.scenario);
    bool there = false;
    for (const LinkEnd& end : outcome->evidence.exits()) {
      there = there || end.name == link;
    }
    EXPECT_TRUE(there) << link << ": " << ends_of(*outcome);
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
  TempDir folder = lesson_folder(Rig::session()).value();
  ASSERT_TRUE(hand_over(lesson, folder.path()));
  auto handed = check_exercise(Rig::session(), lesson, folder.path());
  ASSERT_TRUE(handed) << handed.error().what;
  EXPECT_FALSE(handed->solved) << missing_in(*handed);
  EXPECT_FALSE(handed->missing.empty());
  ASSERT_TRUE(
      lay_out(lesson.exercise->solution, folder.path(), Existing::replaced));
  auto solved = check_exercise(Rig::session(), lesson, folder.path());
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
