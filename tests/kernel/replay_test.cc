// `faultrig replay`, by the program itself: does what is made of a trace fail
// again? cat(1) is the workload; its traces are written here, as strace writes
// them, but for one that strace wrote.
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Replay : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_IF_MISSING(
        "workload: {command: ['true']}\n"
        "expect:\n  - calls: {call: fsync, count: 0}\n");
    write(file_, "text\n");
  }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(file) << text;
  }

  // Of `cat FILE FILE`, which could not open it the second time.
  std::string trace(const std::string& exited) const {
    std::string open = "41 openat(AT_FDCWD, \"" + file_ + "\", O_RDONLY) = ";
    return "41 execve(\"/bin/cat\", [\"cat\", \"" + file_ + "\", \"" + file_ +
           "\"], 0x7ffe /* 9 vars */) = 0\n" + open + "3\n" + open +
           "-1 EIO (Input/output error)\n"
           "41 write(2, \"cat: \", 5) = 5\n"
           "41 write(2, \"" +
           file_ +
           "\", 9) = 9\n"
           "41 write(2, \": Input/output error\\n\", 21) = 21\n"
           "41 exit_group(" +
           exited + ") = ?\n41 +++ exited with " + exited + " +++\n";
  }

  Outcome replay(const std::string& text,
                 const std::vector<std::string>& options) const {
    std::string file = (rig_.folder() / "trace.txt").string();
    write(file, text);
    std::vector<std::string> argv{faultrig_program(), "replay", file};
    argv.insert(argv.end(), options.begin(), options.end());
    return Program(argv, rig_.folder()).end();
  }

  WitnessRig rig_;
  std::string file_ = (rig_.folder() / "read.txt").string();
};

TEST_F(Replay, MakesAScenarioWhoseFailureComesAgain) {
  Outcome told = replay(trace("1"), {"--verify", "2"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("the same failure in 2 of 2 runs\n"),
                              HasSubstr(", nth: 2, error: EIO}\n")));
  std::string made = (rig_.folder() / "made.yaml").string();
  write(made, told.out);
  Outcome again =
      Program({faultrig_program(), "run", made}, rig_.folder()).end();
  EXPECT_EQ(again.status.text(), "exited 0") << again.out;
}

TEST_F(Replay, SaysWhatDiffersWhereItDoesNot) {
  Outcome told = replay(trace("9"), {"--verify", "1"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.err;
  EXPECT_THAT(told.out,
              AllOf(HasSubstr("the same failure in 0 of 1 runs\n"),
                    HasSubstr("differed: expected command exited 9; "),
                    HasSubstr(": command exited 1 at ")));
}

TEST_F(Replay, SaysThatItFailsWithoutTheFaultToo) {
  std::filesystem::remove(file_);
  Outcome told = replay(trace("1"), {"--verify", "1"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.err;
  EXPECT_THAT(told.out, HasSubstr("differed: without any fault the workload "
                                  "misbehaves too"));
}

TEST_F(Replay, LeavesOutWhatTheFailureDoesNotNeed) {
  Outcome told = replay(trace("1"), {"--minimise"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  std::size_t small = told.out.find("made as small as it goes:\n");
  ASSERT_NE(small, std::string::npos) << told.out;
  EXPECT_THAT(told.out.substr(small),
              AllOf(HasSubstr("error: EIO"), Not(HasSubstr("nth"))));
}

// It stands in no file.
TEST_F(Replay, TellsTheSmallestWhereTheOthersAreWritten) {
  Outcome told = replay(trace("1"), {"--minimise", "--write", "made"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("made/1-openat-EIO.yaml\n"),
                              HasSubstr("made as small as it goes:\n")));
}

TEST_F(Replay, WritesAScenarioForEachFault) {
  Outcome told = replay(trace("1"), {"--write", "made", "--", "cat", "x"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("made/1-openat-EIO.yaml\n"));
  std::filesystem::path made = rig_.folder() / "made" / "1-openat-EIO.yaml";
  std::ifstream file(made);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(text, HasSubstr("command: [\"cat\", \"x\"]"));
}

TEST_F(Replay, KeepsWhatSomebodyElseWrote) {
  std::filesystem::path made = rig_.folder() / "made" / "1-openat-EIO.yaml";
  std::vector<std::string> options{"--write", "made", "--", "cat", "x"};
  EXPECT_EQ(replay(trace("1"), options).status.text(), "exited 0");
  EXPECT_EQ(replay(trace("1"), options).status.text(), "exited 0");
  write(made.string(), "mine\n");
  Outcome told = replay(trace("1"), options);
  EXPECT_EQ(told.status.text(), "exited 2") << told.out;
  EXPECT_THAT(told.err, HasSubstr("is there, and is not what would be"));
  EXPECT_EQ(std::filesystem::file_size(made), 5U);
  std::filesystem::remove(made);
  std::filesystem::create_symlink(rig_.folder() / "victim", made);
  EXPECT_EQ(replay(trace("1"), options).status.text(), "exited 2");
  EXPECT_FALSE(std::filesystem::exists(rig_.folder() / "victim"));
}

TEST_F(Replay, EndsByASignalWhileItReads) {
  std::filesystem::path pipe = rig_.folder() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Program program({faultrig_program(), "replay", pipe.string()}, rig_.folder());
  // Opening waits until it reads; it then has no line.
  std::ofstream writer(pipe);
  kill(program.pid(), SIGTERM);
  EXPECT_EQ(program.end().status.text(), "killed by SIGTERM");
}

// The golden run is once before the tries, when it is well.
TEST_F(Replay, SaysThatItFailsWithoutTheFaultAfterThem) {
  Outcome told =
      replay(trace("1"), {"--verify", "1", "--", "sh", "-c",
                          "echo >> runs; [ $(wc -l < runs) -lt 2 ] && exit 0; "
                          "cat " +
                              file_ + " " + file_ +
                              "; echo ': Input/output error' >&2; exit 1"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  EXPECT_THAT(told.out,
              AllOf(HasSubstr("the same failure in 0 of 1 runs\n"),
                    HasSubstr("differed: after these runs the workload "
                              "misbehaves without any fault")));
}

TEST_F(Replay, RunsAPackageOrACommandAndNotBoth) {
  write((rig_.folder() / "more.42").string(), "");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"./shop", "--", "true"},
        std::vector<std::string>{"more.42", "./shop", "--", "true"}}) {
    Outcome told = replay(trace("1"), words);
    EXPECT_EQ(told.status.text(), "exited 2");
    EXPECT_THAT(told.err, HasSubstr("a package or a command, not both"));
  }
}

TEST_F(Replay, AsksWhatWasRunWhereNothingSaysSo) {
  Outcome told = replay("open /x: too many open files\n", {});
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("does not say what was run"));
  Outcome none = replay("all is well\n", {"--", "true"});
  EXPECT_EQ(none.status.text(), "exited 3");
  EXPECT_THAT(none.out, HasSubstr("no fault of ours is named in it"));
}

TEST_F(Replay, ReadsALogThatIsColoured) {
  Outcome told = replay(
      "    a_test.go:3: \x1b[31m\x1b[1mopen /x: permission denied\x1b[0m\n",
      {"--", "true"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("#   said: open /x: permission denied\n"));
}

// The others are numbered, and what they have to say is asked for, without it.
TEST_F(Replay, LeavesOutWhatIsNoScenario) {
  Outcome told = replay(
      "=== RUN   TestA\n"
      "    a_test.go:4: listen tcp :0: bind: address already in use\n"
      "    a_test.go:4: open /x: permission denied\n"
      "--- FAIL: TestA (0.05s)\nFAIL\nFAIL\texample.com/g\t0.012s\n",
      {"--write", "made", "--", "true"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, HasSubstr("  said: open /x: permission denied\n"));
  EXPECT_THAT(told.out, HasSubstr("  note: no scenario of port 0 is taken: "
                                  "taken must be at least 1\n"));
  EXPECT_THAT(told.out, HasSubstr("made/1-open-EACCES.yaml\n"));
}

TEST_F(Replay, AsksNothingOfWhatNamesNoFault) {
  EXPECT_EQ(replay("", {}).status.text(), "exited 3");
  EXPECT_THAT(replay("\xff\xfe"
                     "a",
                     {})
                  .err,
              HasSubstr("this is UTF-16"));
}

TEST_F(Replay, ReadsWhatStraceWritesHere) {
  std::string file = (rig_.folder() / "real.txt").string();
  std::string strace =
      "LC_ALL=C exec strace -f -e inject=openat:error=EIO:when=1 "
      "-P \"$0\" -o \"$1\" cat \"$0\"";
  Outcome traced =
      Program({"/bin/sh", "-c", strace, file_, file}, rig_.folder()).end();
  if (traced.status.text() != "exited 1" ||
      traced.err.find("Input/output error") == std::string::npos) {
    GTEST_SKIP() << "needs strace, and the right to trace";
  }
  Outcome told = Program({faultrig_program(), "replay", file, "--verify", "1",
                          "--", "cat", file_},
                         rig_.folder())
                     .end();
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("strace itself made it fail\n"));
}

}  // namespace
}  // namespace faultrig
