// `faultrig record` and `faultrig compare`, by the program itself: the same
// against the same, a new error path, a lock; two commits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/kernel/command_folder.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Compare : public CommandFolder {
 protected:
  void SetUp() override {
    SKIP_IF_MISSING(
        "workload: {command: ['true']}\n"
        "expect:\n  - calls: {call: fsync, count: 0}\n");
  }
  Outcome git_and(const std::string& script) const {
    return sh(
        "git() { command git -c user.name=n -c user.email=e@x \"$@\"; }\n" +
        script);
  }
};

TEST_F(Compare, TheSameCommandIsTheSame) {
  Outcome told =
      sh("\"$faultrig\" record --runs 2 -o a.snap -- cat /etc/hosts &&\n"
         "\"$faultrig\" record --runs 2 -o b.snap -- cat /etc/hosts &&\n"
         "\"$faultrig\" compare a.snap b.snap");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("same         score 1.000: "));
  EXPECT_THAT(read("a.snap"), HasSubstr("call\topenat\t\tstable\n"));
  EXPECT_EQ(read("a.snap"), read("b.snap"));
}

TEST_F(Compare, NamesANewErrorPath) {
  write("there", "text\n");
  Outcome told =
      sh("\"$faultrig\" record --runs 2 -o a.snap -- sh -c 'cat there' &&\n"
         "\"$faultrig\" record --runs 2 -o b.snap -- sh -c 'cat there; cat "
         "none; true' &&\n"
         "\"$faultrig\" compare a.snap b.snap --report json");
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("\"verdict\": \"different\""),
                              HasSubstr("openat ENOENT ./none")));
}

TEST_F(Compare, NamesALockThatWasAdded) {
  std::string fixtures = shell_quote(source_dir() + "/go_fixtures");
  Outcome told =
      sh("here=$PWD; cd " + fixtures +
         "\nfor tags in none lock; do\n"
         "  \"$faultrig\" record ./checks_out --flag -tags=$tags --runs 2 -o "
         "$here/$tags.snap || exit 9\ndone\n"
         "\"$faultrig\" compare $here/none.snap $here/lock.snap");
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  EXPECT_THAT(told.out,
              HasSubstr("new          block sync.(*Mutex).Lock in "
                        "faultrig.example/fixtures/checks_out.(*Shop)."
                        "record\n"));
}

// Each commit as it is, whatever stands in the work tree; nothing is left.
TEST_F(Compare, TwoCommitsAreRunInTurns) {
  write("run.sh", "true\n");
  Outcome told = git_and(
      "git init -q -b main && git add -A && git commit -qm 1 && git tag one\n"
      "echo 'cat none 2>/dev/null; sleep 0.2' > run.sh\n"
      "git add -A && git commit -qm 2\n"
      "echo 'exit 7' > run.sh\n"
      "\"$faultrig\" compare one main --runs 2 --times 5 -- sh run.sh\n"
      "echo exited $?; git status --porcelain; git worktree list | wc -l");
  EXPECT_THAT(told.out, HasSubstr("different    score "));
  EXPECT_THAT(told.out, HasSubstr("new          error openat ENOENT ./none"));
  EXPECT_THAT(told.out, HasSubstr("latency      "));
  EXPECT_THAT(told.out, HasSubstr("exited 1\n M run.sh\n1\n")) << told.err;
}

TEST_F(Compare, WhatIsNeitherIsSaid) {
  write("a.snap", "faultrig snapshot\t2\nruns\t1\n");
  Outcome told = sh("\"$faultrig\" compare a.snap a.snap");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("a.snap:1: a snapshot of format 2"));
  told = git_and("git init -q; \"$faultrig\" compare a.snap none -- true");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("git knows no revision a.snap"));
}

TEST_F(Compare, AScenarioExpectsWhatWasRecorded) {
  write("there", "text\n");
  write("s.yaml",
        "workload: {command: [cat, there]}\n"
        "expect:\n  - snapshot: s.snap\n");
  Outcome none = sh("\"$faultrig\" run s.yaml");
  EXPECT_EQ(none.status.text(), "exited 2");
  EXPECT_THAT(none.err, HasSubstr("s.yaml:3:15: no such file: "));
  Outcome told =
      sh("\"$faultrig\" record s.yaml --runs 2 -o s.snap &&\n"
         "\"$faultrig\" run s.yaml --evidence kept");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  // What was compared is kept: it may be another file by now.
  write("s.snap", "faultrig snapshot\t1\nruns\t1\nexit\tx\ty\tstable\n");
  EXPECT_EQ(sh("\"$faultrig\" judge kept").status.text(), "exited 0");
  Outcome other = sh("\"$faultrig\" run s.yaml");
  EXPECT_EQ(other.status.text(), "exited 1");
  EXPECT_THAT(other.out, HasSubstr("gone: exit x in y"));
}

}  // namespace
}  // namespace faultrig
