// `faultrig learn` as people and scripts start it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/aside.h"
#include "harness/lesson/engine.h"
#include "harness/lesson/shelf.h"
#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Learn : public CommandFolder {
 protected:
  // With a state of its own.
  Outcome learn(const std::string& arguments,
                const std::string& typed = "") const {
    return sh("export XDG_STATE_HOME=\"$PWD/state\"\nprintf '" + typed +
              "' | \"$faultrig\" learn " + arguments);
  }
};

constexpr const char* kExits255 =
    "package exit\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n"
    "func TestExits(t *testing.T) { os.Exit(255) }\n";

TEST_F(Learn, LeadsThroughALessonAndChecksItsExercise) {
  Outcome told = learn("", "x\\nd\\na\\n");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("Lesson 1 of 12: os.Exit(255) in a test"));
  EXPECT_THAT(told.out, HasSubstr("    test     exited 255\n"
                                  "    go       exited 1   <-- here the "
                                  "truth is lost\n"));
  EXPECT_THAT(told.out, HasSubstr("right  What does the test binary exit "
                                  "with?\n       the machine says 255\n"));
  EXPECT_THAT(told.out, HasSubstr("no     And what does go test exit with?\n"
                                  "       the machine says 1, you said 0\n"));
  EXPECT_EQ(read("state/faultrig/learn"), "seen 01-exit-255\n");
  for (const char* again : {"--check", "--check 1", ""}) {
    told = learn(again);
    EXPECT_EQ(told.status.text(), "exited 1") << again << told.err;
    EXPECT_THAT(told.out, HasSubstr("not yet  os.Exit(255) in a test\n"
                                    "  expected test exited 255; test exited "
                                    "0, go exited 0\n"));
  }
  write("faultrig-learn/01-exit-255/exit_test.go", kExits255);
  told = learn("");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("solved   os.Exit(255)"));
  EXPECT_EQ(read("state/faultrig/learn"), "solved 01-exit-255\n");
  EXPECT_THAT(learn("").out, HasSubstr("Lesson 2 of 12"));
  EXPECT_THAT(learn("--list").out, HasSubstr(" 1  solved  os.Exit(255)"));
  EXPECT_EQ(learn("--reset").status.text(), "exited 0");
  EXPECT_THAT(learn("--list").out, HasSubstr(" 1          os.Exit(255)"));
  EXPECT_EQ(read("faultrig-learn/01-exit-255/exit_test.go"), kExits255);
}

TEST_F(Learn, WritesNothingOverWhatTheLearnerWrote) {
  write("faultrig-learn/01-exit-255/exit_test.go", "mine");
  EXPECT_EQ(learn("1", "a\\na\\n").status.text(), "exited 0");
  EXPECT_EQ(read("faultrig-learn/01-exit-255/exit_test.go"), "mine");
}

TEST_F(Learn, StopsWhereNobodyAnswers) {
  for (const char* typed : {"", "d\\n", "q\\n", "9\\n3\\n\\n"}) {
    Outcome told = learn("", typed);
    EXPECT_EQ(told.status.text(), "exited 3") << typed;
    EXPECT_THAT(told.out, HasSubstr("stopped; faultrig learn goes on here"));
    EXPECT_THAT(told.out, Not(HasSubstr("running it")));
  }
  EXPECT_THAT(sh("ls").out, Not(HasSubstr("faultrig-learn")));
}

TEST_F(Learn, AsksNothingWhereThereIsNoGo) {
  Outcome told =
      sh("export XDG_STATE_HOME=\"$PWD/state\"\nPATH=/nowhere \"$faultrig\" "
         "learn --lesson 1 </dev/null");
  EXPECT_EQ(told.status.text(), "exited 77") << told.err;
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.err, HasSubstr("needs go, which is not on PATH"));
}

TEST_F(Learn, SaysWhatIsWrongOnTheCommandLine) {
  EXPECT_THAT(learn("--lesson 99").err, HasSubstr("there is no lesson 99"));
  Outcome told = learn("--check 3");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("there is no ./faultrig-learn/03-not-built "
                                  "here: faultrig learn --lesson 3 makes it"));
  EXPECT_EQ(learn("--list --check").status.text(), "exited 2");
  EXPECT_EQ(learn("12 --dir none").status.text(), "exited 2");
  EXPECT_THAT(learn("--lessons .").err, HasSubstr("no lessons (NN-name.md)"));
  EXPECT_THAT(learn("--lessons none").err,
              HasSubstr("the lessons: read the folder none: No such"));
}

constexpr const char* kOwnLesson =
    "---\n"
    "title: mine\n"
    "workload: {command: [sh, -c, 'echo $$ >\"$PIDFILE\"; exec sleep 600']}\n"
    "---\n"
    "## Why\n"
    "It sleeps.\n";

TEST_F(Learn, FindsItsFolderFromInsideAnExercise) {
  write("faultrig-learn/01-exit-255/exit_test.go", "mine");
  write("l/01-a.md", kOwnLesson);
  Outcome told =
      sh("export XDG_STATE_HOME=\"$PWD/state\"\ncd faultrig-learn/01-exit-255\n"
         "\"$faultrig\" learn --lessons ../../l --list\n"
         "\"$faultrig\" learn --check 3\n");
  EXPECT_THAT(told.out, HasSubstr("in " + folder().string() + ":\n"));
  EXPECT_THAT(told.out, HasSubstr(" 1          mine\n"));
  EXPECT_THAT(told.err, HasSubstr("there is no ./faultrig-learn/03-not-built"));
}

TEST_F(Learn, TellsATeacherTheFileTheLineAndTheColumn) {
  write("l/01-a.md", std::string(kOwnLesson));
  write("l/README.md", "not a lesson");
  EXPECT_THAT(learn("--lessons l --list").out, HasSubstr(" 1          mine\n"));
  write("l/02-b.md", "---\ntitle: b\nworkload: {comand: [true]}\n---\n");
  Outcome told = learn("--lessons l --list");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("l/02-b.md:3:12: unknown key 'comand'"));
  EXPECT_THAT(told.err, HasSubstr("l/02-b.md:5:1: the part '## Why'"));
  write("l/02-b.md", std::string(kOwnLesson));
  write("l/02-c.md", std::string(kOwnLesson));
  EXPECT_THAT(learn("--lessons l --list").err,
              HasSubstr("l/02-c.md: l/02-b.md has the same number"));
}

// A named pipe that nobody writes to would be waited for.
TEST_F(Learn, WaitsForNothingThatIsNoFile) {
  Outcome told =
      sh("export XDG_STATE_HOME=\"$PWD/state\"\nmkdir l; mkfifo l/01-a.md\n"
         "timeout 20 \"$faultrig\" learn --lessons l --list");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("l/01-a.md: not a regular file"));
}

// What the test of our own lessons refuses, in lessons of a teacher's.
TEST_F(Learn, TriesWhatATeacherWrote) {
  const std::string front =
      "---\ntitle: t\nworkload: {command: [sh, -c, "
      "'exit 3']}\n";
  const std::string ask =
      "ask:\n  - {question: 'How?', of: shell, answers: [0, 3], right: 3}\n";
  const std::string exercise =
      "exercise:\n  workload: {command: [./a.sh]}\n"
      "  expect: [command: {exited: 5}]\n";
  const std::string why = "---\n## Why\nSo.\n";
  const std::string task = "## Exercise\nDo.\n```sh a.sh\n#!/bin/sh\n";
  const std::string solution =
      "```\n## Solution\n```sh a.sh\n#!/bin/sh\nexit 5\n```\n";
  write("l/01-right.md",
        front + ask + "lost_at: shell\n" + exercise + why + task + solution);
  EXPECT_EQ(learn("--lessons l --try").out, "ok      01-right\n");
  write("l/02-other.md",
        front +
            "ask:\n  - {question: 'How?', of: shell, answers: [0, 3], "
            "right: 0}\n" +
            why);
  write("l/03-none.md",
        front +
            "ask:\n  - {question: 'How?', of: shell, answers: [0, 1], "
            "right: 0}\n" +
            why);
  write("l/04-link.md", front + "lost_at: go\n" + why);
  write("l/05-easy.md", front + exercise + why + task + "exit 5\n" + solution);
  write("l/06-hard.md",
        front + exercise + why + task + "```\n## Solution\n```sh b.sh\n```\n");
  Outcome told = learn("--lessons l --try");
  EXPECT_EQ(told.status.text(), "exited 1") << told.err;
  EXPECT_EQ(told.out,
            "ok      01-right\n"
            "WRONG   02-other\n"
            "        How? The lesson says 0, the machine 3 (command exited 3)\n"
            "WRONG   03-none\n"
            "        How? Not exactly one answer is right (command exited 3)\n"
            "WRONG   04-link\n"
            "        lost_at: no go has ended (command exited 3)\n"
            "WRONG   05-easy\n"
            "        the exercise is solved as it is handed over\n"
            "WRONG   06-hard\n"
            "        the solution does not solve it: expected command exited "
            "5; command exited 0\n");
  EXPECT_EQ(learn("1 --lessons l --try").status.text(), "exited 0");
}

// Neither the program nor its folder outlives us.
TEST_F(Learn, LeavesNothingWhenItIsInterrupted) {
  write("l/01-a.md", std::string(kOwnLesson));
  Outcome told =
      sh("export XDG_STATE_HOME=\"$PWD/state\" PIDFILE=\"$PWD/pid\"\n"
         "mkfifo pid\n"
         "\"$faultrig\" learn --lessons l >out 2>&1 & learner=$!\n"
         "read sleeper <pid\n"
         "place=$(readlink /proc/$sleeper/cwd)\n"
         "[ -d \"$place\" ] || echo no place\n"
         "kill -INT $learner; kill -TERM $learner; wait $learner\n"
         "n=0; while [ -d \"$place\" ] || [ -d /proc/$sleeper ]; do\n"
         "  sleep 0.05; n=$((n+1)); [ $n -lt 600 ] || exit 9\n"
         "done\n"
         "exit 5\n");
  EXPECT_EQ(told.status.text(), "exited 5") << told.out << read("out");
  EXPECT_EQ(told.out, "");
}

// A lesson with the server of lesson 11 whose checks ask nothing of it.
constexpr const char* kMapped =
    "---\n"
    "title: mine\n"
    "workload: {command: ['true']}\n"
    "exercise:\n"
    "  workload: {command: ['true']}\n"
    "  expect: [command: {exited: 0}]\n"
    "  shutdown: {package: ./server, url: /slow}\n"
    "---\n"
    "## Why\n"
    "So.\n"
    "## Exercise\n"
    "Mend it.\n"
    "## Solution\n"
    "```sh a.sh\n"
    "```\n";

TEST_F(Learn, HoldsAServiceAgainstAShutdownMap) {
  const Lesson lesson = built_in_lessons().value().at(10);
  auto server = [&](const std::vector<LessonFile>& files) {
    write("faultrig-learn/01-a/server/main.go", files.at(0).text);
  };
  ASSERT_EQ(lesson.exercise->map->package, "./server");
  write("l/01-a.md", kMapped);
  EXPECT_EQ(learn("--lessons l").status.text(), "exited 0");
  server(lesson.exercise->files);
  Outcome told = learn("--lessons l --check");
  if (told.status.text() == "exited 77") {
    GTEST_SKIP() << told.err;
  }
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("not yet  mine\n  "));
  EXPECT_THAT(told.out, HasSubstr(" requests lost that it had read, told "));
  server(lesson.exercise->solution);
  told = learn("--lessons l --check");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("solved   mine"));
}

TEST(LessonRuns, AreHeardWhileTheyLive) {
  std::string heard;
  Session::Options options;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    options.environment.emplace_back(*entry);
  }
  options.hear = [&](const Observation& seen) {
    heard += std::string(fact_name(seen.fact)) + " " + seen.link + "\n";
  };
  Lesson lesson = built_in_lessons().value().front();
  auto told = do_aside(options, [&](Session& session) -> Result<std::string> {
    TRY_ASSIGN(LessonOutcome outcome, run_lesson(session, lesson, 0));
    return heard;
  });
  ASSERT_TRUE(told) << told.error().what;
  std::size_t at = 0;
  for (const char* fact : {"process_started go\n", "process_started test\n",
                           "process_ended test\n", "process_ended go\n"}) {
    at = told->find(fact, at);
    EXPECT_NE(at, std::string::npos) << fact << "\n" << *told;
  }
}

}  // namespace
}  // namespace faultrig
