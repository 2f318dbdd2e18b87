// A lesson's file, and what is told of one that is not right.
#include "harness/parse/lesson_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/lesson_prose.h"
#include "harness/plan/planner.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kFront =
    "---\n"
    "title: one\n"
    "workload:\n"
    "  go_test: {packages: ./a}\n"
    "faults:\n"
    "  - memory: {max: 64MiB}\n"
    "ask:\n"
    "  - question: How does it end?\n"
    "    of: test\n"
    "    answers: [1, 255, SIGKILL, never started]\n"
    "    right: SIGKILL\n"
    "    up_to: {go: 1.20, right: 1}\n"
    "lost_at: go\n"
    "---\n";

constexpr const char* kBody =
    "About it.\n"
    "\n"
    "```go a/a_test.go\n"
    "package a\n"
    "```\n"
    "\n"
    "```\n"
    "## shown\n"
    "```\n"
    "## Why\n"
    "So it is.\n";

ReadLesson read(const std::string& text,
                const std::string& file = "lessons/07-one.md") {
  return read_lesson(text, {file, {}}, full_language());
}

std::string told(const std::string& text,
                 const std::string& file = "lessons/07-one.md") {
  std::string out;
  for (const Complaint& complaint : read(text, file).complaints) {
    out += std::to_string(complaint.place.line) + ":" +
           std::to_string(complaint.place.column) + ": " + complaint.what +
           "\n";
  }
  return out;
}

// `from` of a text that has it, as `to`.
std::string with(std::string text, const std::string& from,
                 const std::string& to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string whole() { return std::string(kFront) + kBody; }

TEST(LessonReader, ReadsALesson) {
  Lesson lesson = read(whole()).lesson.value();
  EXPECT_EQ(lesson.name, "07-one");
  EXPECT_EQ(lesson.number, 7);
  EXPECT_EQ(lesson.title, "one");
  EXPECT_EQ(lesson.intro, "About it.\n\n```\n## shown\n```\n");
  EXPECT_EQ(lesson.why, "So it is.\n");
  ASSERT_EQ(lesson.files.size(), 1U);
  EXPECT_EQ(lesson.files[0].name, "a/a_test.go");
  EXPECT_EQ(lesson.files[0].text, "package a\n");
  ASSERT_EQ(lesson.runs.size(), 1U);
  EXPECT_EQ(lesson.runs[0].lost_at, "go");
  EXPECT_EQ(lesson.runs[0].command_line(), "go test ./a");
  EXPECT_THAT(lesson.runs[0].faults, ElementsAre("memory: {max: 64MiB}"));
}

TEST(LessonReader, MakesExpectationsOfAnswers) {
  LessonQuestion question = read(whole()).lesson.value().runs[0].ask.at(0);
  std::vector<std::string> clauses;
  for (const LessonAnswer& answer : question.answers) {
    clauses.push_back(answer.expect.text);
  }
  EXPECT_THAT(clauses, ElementsAre("test: {exited: 1}", "test: {exited: 255}",
                                   "test: {killed_by: SIGKILL}",
                                   "test: {ended: never_started}"));
  EXPECT_EQ(question.right, 2U);
}

TEST(LessonReader, TakesAnotherAnswerForAnOlderGo) {
  LessonQuestion question = read(whole()).lesson.value().runs[0].ask.at(0);
  EXPECT_EQ(question.right_with("go1.19.8"), 0U);
  EXPECT_EQ(question.right_with("go1.20"), 0U);
  EXPECT_EQ(question.right_with("go1.21.3"), 2U);
  EXPECT_EQ(question.right_with(""), 2U);
}

TEST(LessonReader, MeansTheCommandByShellAndOfABinaryWhatAShellShows) {
  std::string text =
      with(whole(), "go_test: {packages: ./a}", "command: [sh, -c, 'a | b']");
  text = with(with(text, "of: test", "of: shell"), ", never started", "");
  Lesson lesson = read(text).lesson.value();
  EXPECT_EQ(lesson.runs[0].ask[0].answers[1].expect.text,
            "command: {exited: 255}");
  EXPECT_EQ(lesson.runs[0].command_line(), "a | b");
  EXPECT_EQ(lesson_link("shell", lesson.runs[0].scenario), "command");
  text = with(whole(), "packages: ./a", "mode: binary");
  text = with(with(text, "of: test", "of: shell"), ", never started", "");
  lesson = read(with(text, "lost_at: go", "lost_at: test")).lesson.value();
  EXPECT_EQ(lesson.runs[0].ask[0].answers[1].expect.text, "test: {shell: 255}");
  EXPECT_EQ(lesson_link("shell", lesson.runs[0].scenario), "test");
}

TEST(LessonReader, TakesWordsThatAnExpectationStandsBehind) {
  std::string text =
      with(whole(), "    answers: [1, 255, SIGKILL, never started]\n",
           "    answers:\n"
           "      - {say: SIGKILL, expect: {oom: {kills: 1}}}\n"
           "      - 1\n");
  LessonQuestion question = read(text).lesson.value().runs[0].ask.at(0);
  EXPECT_EQ(question.answers[0].text, "SIGKILL");
  EXPECT_EQ(question.answers[0].expect.text, "oom: {kills: 1}");
}

TEST(LessonReader, PlacesWhatIsWrongInTheWholeFile) {
  EXPECT_EQ(told("# a page\n"),
            "1:1: a lesson begins with its front matter, between two lines "
            "'---'\n");
  EXPECT_EQ(told(with(whole(), "max: 64MiB", "max: lots")),
            "6:19: expected a size such as 64MiB, not 'lots'\n");
  EXPECT_EQ(told(with(whole(), "right: SIGKILL", "right: SIGKIL")),
            "11:12: no answer is 'SIGKIL' (did you mean 'SIGKILL'?)\n");
  EXPECT_THAT(told(with(whole(), "never started]", "gone]")),
              HasSubstr("10:32: "));
  EXPECT_THAT(told(with(whole(), "of: test", "of: command")),
              HasSubstr("10:15: "));
  EXPECT_THAT(told(with(whole(), "lost_at: go", "lost: go")),
              HasSubstr("13:1: unknown key 'lost' (did you mean 'lost_at'?)"));
  EXPECT_THAT(told(with(whole(), "right: SIGKILL\n", "\n")),
              HasSubstr("8:5: the key 'right' is missing"));
  for (const char* other : {"1.20", "{go: 1.20x, right: 1}"}) {
    EXPECT_THAT(told(with(whole(), "{go: 1.20, right: 1}", other)),
                HasSubstr("12:5: 'up_to' takes"))
        << other;
  }
  EXPECT_THAT(
      told(with(whole(), "workload:\n  go_test: {packages: ./a}\n", "")),
      HasSubstr("the key 'workload' is missing"));
}

TEST(LessonReader, PlacesAnEmptyFrontMatterAtItsFirstLine) {
  EXPECT_THAT(told("---\n---\n## Why\nSo.\n"),
              HasSubstr("1:1: the front matter of a lesson is a map"));
  EXPECT_THAT(told("---\n- a\n---\n## Why\nSo.\n"),
              HasSubstr("2:1: the front matter of a lesson is a map"));
}

TEST(LessonReader, PlacesWhatIsWrongInTheMarkdown) {
  EXPECT_THAT(told(with(whole(), "## Why\nSo it is.\n", "")),
              HasSubstr("the part '## Why' is missing"));
  EXPECT_THAT(told(with(whole(), "## Why", "## How")),
              HasSubstr("24:1: unknown part 'How'"));
  for (const char* name : {"../a.go", "/a.go", ".git/a", "a//b", "a b"}) {
    EXPECT_THAT(told(with(whole(), "a/a_test.go", name)),
                HasSubstr("17:1: a file of a lesson lies in its folder"))
        << name;
  }
  EXPECT_THAT(told(whole() + "```go b.go\n"),
              HasSubstr("a block of code that is not closed"));
  EXPECT_THAT(told(whole() + "## Exercise\nDo it.\n"),
              HasSubstr("unknown part 'Exercise'"));
  std::string long_why;
  for (int i = 0; i < 7; ++i) {
    long_why += "- one line\n";
  }
  EXPECT_THAT(told(whole() + long_why),
              HasSubstr("24:1: an explanation has at most 6 lines of 80 "
                        "columns, and this one has 8"));
}

TEST(LessonReader, WantsANumberInTheNameOfTheFile) {
  for (const char* file : {"one.md", "1-one.md", "ab-one.md", "00-none.md"}) {
    EXPECT_THAT(told(whole(), file), HasSubstr("is called NN-name.md"));
  }
}

constexpr const char* kExercise =
    "exercise:\n"
    "  workload: {go_test: {}}\n"
    "  expect: [test: {exited: 255}]\n"
    "  then:\n"
    "    - {workload: {go_test: {}}, expect: [go: {exited: 1}]}\n"
    "---\n";
constexpr const char* kExerciseBody =
    "## Exercise\nDo it.\n```go a.go\npackage a\n```\n"
    "## Solution\n```go a.go\npackage b\n```\n";

TEST(LessonReader, ReadsAnExercise) {
  std::string text = with(whole(), "lost_at: go\n---\n", kExercise);
  Lesson lesson = read(text + kExerciseBody).lesson.value();
  EXPECT_EQ(lesson.exercise->task, "Do it.\n");
  EXPECT_EQ(lesson.exercise->checks.size(), 2U);
  EXPECT_EQ(lesson.exercise->checks[1].expect[0].text, "go: {exited: 1}");
  EXPECT_EQ(lesson.exercise->files[0].text, "package a\n");
  EXPECT_EQ(lesson.exercise->solution[0].text, "package b\n");
  EXPECT_THAT(told(text), HasSubstr("needs the parts '## Exercise'"));
  std::string written = with(text,
                             "  workload: {go_test: {}}\n  expect: "
                             "[test: {exited: 255}]\n",
                             "  scenario: {file: s.yaml, here: pass, other: "
                             "no_pass}\n");
  lesson = read(written + kExerciseBody).lesson.value();
  EXPECT_EQ(lesson.exercise->written->there, WrittenScenario::Wanted::no_pass);
}

TEST(LessonReader, ReadsTheProgramOfAMap) {
  std::string text =
      with(whole(), "lost_at: go\n---\n", kExercise) + kExerciseBody;
  std::string mapped = with(text, "  then:\n",
                            "  shutdown: {package: ./s, url: /slow}\n"
                            "  keep: [a.go]\n  then:\n");
  LessonExercise exercise = *read(mapped).lesson.value().exercise;
  EXPECT_EQ(exercise.map->package, "./s");
  EXPECT_EQ(exercise.map->url, "/slow");
  EXPECT_THAT(exercise.keep, ElementsAre("a.go"));
  EXPECT_THAT(told(with(mapped, "package: ./s", "url2: /")),
              HasSubstr("unknown key 'url2'"));
}

TEST(LessonReader, TakesAnyBytes) {
  for (const std::string& text :
       {std::string(), std::string("---"), std::string("---\n---\n"),
        std::string("---\n\x80\n---\n"), std::string("---\n[\n---\n"),
        std::string(1, '\0')}) {
    EXPECT_NE(told(text), "");
  }
}

TEST(LessonProse, FillsParagraphsAndLeavesLinksAtTheirText) {
  EXPECT_THAT(
      prose_lines("A [wait status](../glossary.md#wait-status)\nis "
                  "**two** things.\n\n- one\n- two\n\n```\na  b\n```\n"),
      ElementsAre("A wait status is two things.", "", "- one", "- two", "",
                  "    a  b"));
}

}  // namespace
}  // namespace faultrig
