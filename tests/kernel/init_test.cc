// First scenarios for a module, written and tried by the program itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Init : public CommandFolder {
 protected:
  // A package whose test writes a file, and looks whether it could.
  void write_store() const {
    write("go.mod", "module example.org/shop\n\ngo 1.19\n");
    write("store/store_test.go",
          "package store\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n"
          "func TestSave(t *testing.T) {\n"
          "\terr := os.WriteFile(t.TempDir()+\"/x\", []byte(\"x\"), 0o600)\n"
          "\tif err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n");
  }

  // A program that serves, and knows nothing of signals.
  void write_web() const {
    write("cmd/web/main.go",
          "package main\n\nimport \"net/http\"\n\nfunc main() {\n"
          "\thttp.ListenAndServe(\"127.0.0.1:8080\", http.NotFoundHandler())\n"
          "}\n");
  }

  // Names, times and sums of all files.
  std::string everything() const {
    return sh("find . -type f -printf '%p %T@\\n' | sort; "
              "find . -type f -exec cksum {} + | sort")
        .out;
  }
};

TEST_F(Init, LeavesScenariosThatPassAndASecondCallChangesNothing) {
  write_store();
  Outcome told = sh("\"$faultrig\" init");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("scenarios/store_is_killed.yaml: passes\n"));
  EXPECT_THAT(told.out,
              HasSubstr("scenarios/store_disk_is_full.yaml: passes\n"));
  EXPECT_THAT(read("scenarios/README.md"), HasSubstr("--report github"));
  Outcome run = sh("\"$faultrig\" run scenarios --strict");
  EXPECT_EQ(run.status.text(), "exited 0") << run.out;
  EXPECT_THAT(run.out, HasSubstr("2 passed in"));
  std::string before = everything();
  told = sh("\"$faultrig\" init; \"$faultrig\" init store");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.out, HasSubstr("is there already: nothing was changed"));
  EXPECT_EQ(everything(), before);
}

TEST_F(Init, KeepsWhatFoundSomething) {
  write("go.mod", "module example.org/shop\n\ngo 1.19\n");
  write_web();
  Outcome told = sh("\"$faultrig\" init");
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("cmd_web_stops_while_asked.yaml: fail: it "
                                  "did not handle SIGTERM"));
  EXPECT_THAT(told.out, HasSubstr("left out  cmd_web_stops: "));
  EXPECT_EQ(sh("ls scenarios").out,
            "README.md\ncmd_web_stops_while_asked.yaml\n");
}

TEST_F(Init, TriesTheExecProgramOfTheMakefileAsWell) {
  write_store();
  write("Makefile", "check:\n\tgo test -exec 'nice -n 1' ./...\n");
  Outcome told = sh("\"$faultrig\" init");
  EXPECT_THAT(told.out, HasSubstr("store_is_killed_with_exec.yaml: passes"));
  EXPECT_THAT(told.out, HasSubstr("left out  store_is_killed: "));
  EXPECT_THAT(read("scenarios/store_is_killed_with_exec.yaml"),
              HasSubstr("exec: [\"nice\", \"-n\", \"1\"]"));
}

TEST_F(Init, TouchesNothingThatIsTheUsers) {
  write_store();
  write("scenarios/mine.txt", "mine");
  std::string before = everything();
  Outcome told = sh("\"$faultrig\" init");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_EQ(everything(), before);
}

TEST_F(Init, LeavesNothingWhereNothingIsWorthIt) {
  write("go.mod", "module example.org/shop\n\ngo 1.19\n");
  write("x/x_test.go",
        "package x\n\nimport \"testing\"\n\n"
        "func TestFails(t *testing.T) { t.Fail() }\n");
  std::string before = everything();
  Outcome told = sh("\"$faultrig\" init");
  EXPECT_EQ(told.status.text(), "exited 3") << told.out;
  EXPECT_THAT(told.out, HasSubstr("left out  x_is_killed: inconclusive"));
  EXPECT_THAT(told.err, HasSubstr("nothing that was tried says anything"));
  EXPECT_EQ(everything(), before);
  EXPECT_THAT(sh("ls -A").out, Not(HasSubstr("init")));
}

TEST_F(Init, LeavesNothingWhenItIsInterrupted) {
  write_store();
  Outcome told =
      sh("mkfifo said; \"$faultrig\" init 2>said & pid=$!; exec 3<said; read "
         "line <&3; "
         "kill $pid; wait $pid; code=$?; rm said; exit $code");
  EXPECT_EQ(told.status.text(), "exited 143");
  EXPECT_THAT(sh("ls -A").out, Not(HasSubstr("init")));
  EXPECT_THAT(sh("ls -A").out, Not(HasSubstr("scenarios")));
}

TEST_F(Init, SaysWhereThereIsNoModule) {
  for (const char* folder : {"", " none", " a b"}) {
    Outcome told = sh("\"$faultrig\" init" + std::string(folder));
    EXPECT_EQ(told.status.text(), "exited 2") << folder;
    EXPECT_NE(told.err, "") << folder;
  }
  EXPECT_THAT(sh("\"$faultrig\" init").err,
              HasSubstr("no Go module: there is no go.mod in"));
  write("go.mod", "module example.org/shop\n");
  EXPECT_THAT(sh("\"$faultrig\" init").err, HasSubstr("nothing to try"));
  EXPECT_THAT(sh("ls").out, Not(HasSubstr("scenarios")));
}

}  // namespace
}  // namespace faultrig
