// Which scenarios are run after a change, told by the real git and the real go.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

std::string test_of(const std::string& package) {
  return "workload: {go_test: {dir: .., packages: [./" + package +
         "]}}\nexpect:\n  - test: {exited: 0}\n";
}

// A repository: the tests of `user` need `base`, those of `alone` nothing;
// `script` is a command of the repository, `shell` one of the machine.
class ChangedSince : public CommandFolder {
 protected:
  ChangedSince() {
    write("go.mod", "module example.org/m\n\ngo 1.19\n");
    write("base/base.go", "package base\n\nfunc One() int { return 1 }\n");
    write("user/user_test.go",
          "package user\n\nimport (\n\t\"testing\"\n\n"
          "\t\"example.org/m/base\"\n)\n\nfunc TestOne(t *testing.T) {\n"
          "\tif base.One() != 1 {\n\t\tt.Fail()\n\t}\n}\n");
    write("alone/alone_test.go",
          "package alone\n\nimport \"testing\"\n\n"
          "func TestNothing(t *testing.T) {}\n");
    write("tools/run.sh", "#!/bin/sh\nexit 0\n");
    fs::permissions(folder() / "tools/run.sh", fs::perms(0755));
    write("s/user.yaml", test_of("user"));
    write("s/alone.yaml", test_of("alone"));
    write("s/script.yaml",
          "workload: {command: [./run.sh], cwd: ../tools}\n"
          "expect:\n  - command: {exited: 0}\n");
    git("init -q -b main && $git add -A && $git commit -qm 1");
  }

  Outcome sh(const std::string& script) const {
    return CommandFolder::sh("git='git -c user.name=n -c user.email=e@x'\n" +
                             script);
  }
  void git(const std::string& words) const {
    Outcome done = sh("$git " + words);
    EXPECT_EQ(done.status.text(), "exited 0") << done.err;
  }
  // What is run since `rev`: lines of the text.
  Outcome since(const std::string& rev, const std::string& more = "") const {
    return sh("\"$faultrig\" run s --changed-since " + rev + " " + more);
  }
};

TEST_F(ChangedSince, RunsNothingAndSaysSoWhereNothingChanged) {
  write("README.md", "new, and of no package");
  Outcome told = since("HEAD");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.err, HasSubstr("--changed-since HEAD: 0 of 3 scenarios"));
  since("HEAD", "--report json:r.json");
  EXPECT_THAT(read("r.json"),
              HasSubstr("--changed-since HEAD: 0 of 3 scenarios"));
  EXPECT_THAT(told.out, HasSubstr("0 passed in"));
}

TEST_F(ChangedSince, RunsTheTestsThatNeedAPackageThatChanged) {
  write("base/base.go", "package base\n\nfunc One() int { return 2 }\n");
  Outcome told = since("HEAD");
  EXPECT_THAT(told.err, HasSubstr("1 of 3 scenarios"));
  EXPECT_THAT(told.out, HasSubstr("FAIL  user"));
  EXPECT_EQ(told.status.text(), "exited 1");
}

TEST_F(ChangedSince, RunsWhoseFileIsNewOrChangedAndWhoseCommandDid) {
  write("s/new.yaml", test_of("alone"));
  write("s/alone.yaml", test_of("alone") + "# changed\n");
  write("tools/run.sh", "#!/bin/sh\nexit 1\n");
  Outcome told = since("HEAD");
  EXPECT_THAT(told.err, HasSubstr("3 of 4 scenarios"));
  EXPECT_THAT(told.out, HasSubstr("ok    new"));
  EXPECT_THAT(told.out, HasSubstr("ok    alone"));
  EXPECT_THAT(told.out, HasSubstr("FAIL  script"));
}

TEST_F(ChangedSince, TakesOnlyWhatChangedOnThisBranch) {
  git("checkout -qb mine");
  git("checkout -q main");
  write("base/base.go", "package base\n\nfunc One() int { return 1 + 0 }\n");
  git("commit -qam 2");
  git("checkout -q mine");
  write("alone/new.go", "package alone\n");
  git("add -A");
  git("commit -qm 3");
  Outcome told = since("main");
  EXPECT_THAT(told.err, HasSubstr("1 of 3 scenarios"));
  EXPECT_THAT(told.out, HasSubstr("ok    alone"));
}

TEST_F(ChangedSince, RunsWhatIsNotKnownAndSaysWhy) {
  write("s/shell.yaml",
        "workload: {command: [sh, -c, 'exit 0']}\n"
        "expect:\n  - command: {exited: 0}\n");
  write("s/broken.yaml", test_of("none"));
  git("add -A");
  git("commit -qm 2");
  Outcome told = since("HEAD");
  EXPECT_THAT(told.err, HasSubstr("2 of 5 scenarios\n  not known of "));
  EXPECT_THAT(told.err, HasSubstr("shell: nobody knows what sh is made from"));
  EXPECT_THAT(told.err, HasSubstr("not known of broken: go list: "));
  EXPECT_THAT(told.out, HasSubstr("ok    shell"));
}

TEST_F(ChangedSince, RunsWhatIsMadeFromAFileThatGitIgnores) {
  write(".gitignore", "made.go\n");
  write("base/made.go", "package base\n");
  git("add -A");
  git("commit -qm 2");
  Outcome told = since("HEAD");
  EXPECT_THAT(told.err, HasSubstr("not known of user: git ignores "));
  EXPECT_THAT(told.out, HasSubstr("ok    user"));
}

TEST_F(ChangedSince, RefusesWhatGitDoesNotKnowBeforeItRunsAnything) {
  for (const char* rev : {"nonsense", "''", "--all", "HEAD~5"}) {
    Outcome told = since(rev);
    EXPECT_EQ(told.status.text(), "exited 2") << rev;
    EXPECT_EQ(told.out, "") << rev;
    EXPECT_THAT(told.err, HasSubstr("--changed-since")) << rev;
  }
  Outcome told =
      sh("go=$(command -v go); PATH=${go%/go} \"$faultrig\" run s "
         "--changed-since HEAD");
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.err, HasSubstr("git"));
  EXPECT_NE(told.status.text(), "exited 0");
  told =
      sh("rm -rf .git; GIT_CEILING_DIRECTORIES=/ \"$faultrig\" run s "
         "--changed-since HEAD");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("not a git repository"));
}

}  // namespace
}  // namespace faultrig
