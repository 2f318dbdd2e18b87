// Each lesson is done: what it runs, what the machine answers, the exercise as
// it is handed over, which must not pass, and its solution, which must.
// Learn.TriesWhatATeacherWrote in tests/kernel/learn_test.cc shows what is not
// let through.

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/lesson/shelf.h"
#include "harness/lesson/trial.h"
#include "tests/injectors/rig.h"

namespace faultrig {

void PrintTo(const Lesson& lesson, std::ostream* out) { *out << lesson.name; }

namespace {

class Lessons : public ::testing::TestWithParam<Lesson> {};

TEST_P(Lessons, AreTrueHere) {
  auto wrong = try_lesson(Rig::session(), GetParam());
  if (!wrong && wrong.error().kind == ErrorKind::unsupported) {
    GTEST_SKIP() << wrong.error().what;
  }
  ASSERT_TRUE(wrong) << wrong.error().what;
  EXPECT_EQ(join(*wrong, "\n"), "");
}

std::string name_of(const ::testing::TestParamInfo<Lesson>& chosen) {
  std::string name = chosen.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return "L" + name;
}

INSTANTIATE_TEST_SUITE_P(All, Lessons,
                         ::testing::ValuesIn(built_in_lessons().value()),
                         name_of);

}  // namespace
}  // namespace faultrig
