// The program as people start it, with surroundings that they do not mean.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CommandLineTest : public CommandFolder {};

TEST_F(CommandLineTest, CallsAScenarioThatAsksNothingAMistakeIfStrict) {
  write("a.yaml",
        "workload: {command: [sleep, 60]}\ngolden: false\n"
        "faults:\n  - signal: {send: SIGKILL}\n");
  Outcome told = sh("\"$faultrig\" run a.yaml");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.out,
              HasSubstr("nothing was asked: command killed by SIGKILL"));
  for (const char* command : {"run", "check"}) {
    told = sh("\"$faultrig\" " + std::string(command) + " --strict a.yaml");
    EXPECT_EQ(told.status.text(), "exited 2");
    EXPECT_THAT(told.err, HasSubstr("a.yaml:1:1: nothing is asked"));
  }
  told = sh("\"$faultrig\" check a.yaml");
  EXPECT_EQ(told.status.text(), "exited 0");
}

constexpr const char* kSaysMore =
    "workload: {command: [echo, DATA LOSS]}\n"
    "expect:\n"
    "  - command: {exited: 0}\n"
    "  - output: {lacks: DATA LOSS}\n";

TEST_F(CommandLineTest, HearsTheWorkloadThoughItsOwnStreamsAreClosed) {
  write("a.yaml", kSaysMore);
  for (const char* closed :
       {">&-", "<&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"}) {
    Outcome told = sh("\"$faultrig\" run a.yaml --report json:r.json " +
                      std::string(closed));
    EXPECT_EQ(told.status.text(), "exited 1") << closed << told.err;
    EXPECT_THAT(read("r.json"), HasSubstr("\"fail\"")) << closed;
  }
}

TEST_F(CommandLineTest, SaysThatItsOwnOutputIsClosed) {
  write("a.yaml",
        "workload: {command: [echo, hello]}\n"
        "expect:\n  - output: {contains: hello}\n");
  Outcome told = sh("\"$faultrig\" run a.yaml >&-");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("stdout"));
}

TEST_F(CommandLineTest, WatchesAProgramWhoseStreamsAreClosedAndStayClosed) {
  write("look",
        "open=\nfor n in 0 1 2; do\n"
        "  [ -e /proc/$$/fd/$n ] && open=\"$open $n\"\ndone\n"
        "echo \"open$open\" >\"$1\"\n");
  for (const char* closed : {">&-", "<&- >&-", "<&- 2>&-"}) {
    std::string ends = std::string(" ") + closed;
    (void)sh("sh look bare" + ends);
    (void)sh("\"$faultrig\" witness -- sh look seen" + ends);
    EXPECT_EQ(read("seen"), read("bare")) << closed;
    EXPECT_THAT(read("seen"), HasSubstr("open"));
  }
}

constexpr const char* kHello =
    "workload: {command: [echo, hello]}\n"
    "expect:\n  - output: {contains: hello}\n";

TEST_F(CommandLineTest, KeepsEvidenceBelowItsFolderWhateverTheNames) {
  write("s/...yaml", kHello);
  write("s/a.yaml", kHello);
  write("s/a/stdout.yaml", kHello);
  write("t/a.yaml", kHello);
  Outcome told = sh("\"$faultrig\" run s s/...yaml t --evidence e/v");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  for (const char* name : {"_..", "a", "a/stdout~", "a~2"}) {
    EXPECT_TRUE(fs::exists(folder() / "e/v" / name / "evidence.jsonl")) << name;
  }
  EXPECT_FALSE(fs::exists(folder() / "e/evidence.jsonl"));
}

TEST_F(CommandLineTest, FollowsNoLinkBelowTheFolderOfEvidence) {
  write("s/a/b.yaml", kHello);
  write("victim/stdout", "kept");
  fs::create_directory(folder() / "e");
  fs::create_directory_symlink("../victim", folder() / "e/a");
  Outcome told = sh("\"$faultrig\" run s --evidence e");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.out, HasSubstr("e/a: not a folder, and"));
  fs::remove(folder() / "e/a");
  fs::create_directory(folder() / "e/a");
  fs::create_directory_symlink("../../victim", folder() / "e/a/b");
  told = sh("\"$faultrig\" run s --evidence e");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_EQ(read("victim/stdout"), "kept");
  EXPECT_FALSE(fs::exists(folder() / "victim/evidence.jsonl"));
  EXPECT_FALSE(fs::exists(folder() / "victim/b"));
}

TEST_F(CommandLineTest, FollowsNoLinkBelowTheFolderOfAWitness) {
  write("victim/run", "kept");
  fs::create_directory(folder() / "out");
  fs::create_directory_symlink("../victim", folder() / "out/true");
  Outcome told = sh("\"$faultrig\" witness --out out -- true");
  EXPECT_EQ(told.status.text(), "exited 0") << "the program's own end";
  EXPECT_THAT(told.err, HasSubstr("links are not followed"));
  fs::remove(folder() / "out/true");
  fs::create_directory(folder() / "out/true");
  fs::create_symlink("../../victim/run", folder() / "out/true/run");
  told = sh("\"$faultrig\" witness --out out -- true");
  EXPECT_EQ(told.err, "");
  EXPECT_TRUE(fs::exists(folder() / "out/true/evidence.jsonl"));
  EXPECT_EQ(read("victim/run"), "kept");
}

TEST_F(CommandLineTest, SaysWhyAReportCannotBeWritten) {
  write("a.yaml", kHello);
  Outcome told = sh("\"$faultrig\" run a.yaml --report json:no/such/r.json");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("no/such/r.json: No such file"));
  told = sh("\"$faultrig\" run a.yaml --report json:/dev/full");
  EXPECT_THAT(told.err, HasSubstr("No space left on device"));
  told = sh("\"$faultrig\" run a.yaml >/dev/full");
  EXPECT_THAT(told.err, HasSubstr("write to stdout: No space left"));
}

TEST_F(CommandLineTest, SaysThatItMayNotWriteFiles) {
  write("a.yaml", kHello);
  Outcome told = sh("ulimit -f 0; \"$faultrig\" run a.yaml --report json:r");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("write the report r: File too large"));
  told = sh("ulimit -f 0; \"$faultrig\" run a.yaml --evidence e");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.out, HasSubstr("write e/a/stdout.new:"));
}

TEST_F(CommandLineTest, LeavesTheLimitOfFilesToWhatItRuns) {
  write("a.yaml",
        "workload: {command: [sh, -c, 'echo much >file']}\ngolden: false\n"
        "expect:\n  - command: {killed_by: SIGXFSZ}\n");
  Outcome told = sh("ulimit -f 0; \"$faultrig\" run a.yaml");
  EXPECT_EQ(told.status.text(), "exited 0") << told.out;
}

TEST_F(CommandLineTest, PrintsNothingThatTurnsTheTextAround) {
  write("a.yaml",
        "workload: {command: [sh, -c, 'exit 1']}\nexpect:\n"
        "  - output: {contains: \"a\\u202eb\"}\n");
  for (const char* format : {"text", "json", "junit"}) {
    Outcome told =
        sh("\"$faultrig\" run a.yaml --report " + std::string(format));
    EXPECT_THAT(told.out, HasSubstr("\\u202e")) << format;
    EXPECT_EQ(told.out.find("\xE2\x80\xAE"), std::string::npos) << format;
  }
}

// Where /dev/shm is too small, TMPDIR takes its place.
TEST_F(CommandLineTest, RunsBelowATmpdirOfAnyNameAndLeavesNothingThere) {
  constexpr const char* kTiny =
      "unshare -m sh -c 'mount --make-rprivate / && "
      "mount -t tmpfs -o size=64k none /dev/shm && exec \"$@\"' sh ";
  if (!sh(kTiny + std::string("true")).status.clean()) {
    GTEST_SKIP() << "needs the right to mount";
  }
  // Not below /dev/shm.
  fs::path base = fs::temp_directory_path() /
                  ("faultrig-names-" + std::to_string(getpid()));
  fs::create_directories(base);
  std::ofstream(base / "a.yaml")
      << "workload:\n  go_test: {dir: " << fixtures_folder().string()
      << ", packages: ./subtests}\n  env: {FIXTURE_FAIL: \"1\"}\ngolden: "
         "false\nfaults:\n"
         "  - interpreter: {broken: swallows_status}\n"
         "expect:\n  - test: {exited: 1}\n  - go: {exited: 0}\n";
  for (const std::string& name :
       {std::string("relative"),
        (base / "it's a\nlong one" / std::string(90, 'x')).string(),
        (base / "with \"").string(), (base / "bo'th\"").string()}) {
    fs::create_directories(base / name);
    Outcome told =
        sh("cd " + base.string() + "; export TMPDIR=" + shell_quote(name) +
           "\n" + kTiny + "\"$faultrig\" run a.yaml");
    EXPECT_EQ(told.status.text(), "exited 0") << name << told.out << told.err;
    EXPECT_TRUE(fs::is_empty(base / name)) << name;
  }
  fs::remove_all(base);
}

TEST_F(CommandLineTest, ReadsNothingThatEvidenceOfStrangersPointsTo) {
  write("a.yaml", kHello);
  write("secret", "hello, secret\n");
  ASSERT_EQ(sh("\"$faultrig\" run a.yaml --evidence e").status.text(),
            "exited 0");
  for (const char* name : {"stdout", "scenario.yaml", "evidence.jsonl"}) {
    std::string file = std::string("e/a/") + name;
    ASSERT_EQ(
        sh("mv " + file + " was && ln -s ../../secret " + file).status.text(),
        "exited 0");
    for (const char* command : {"judge", "explain"}) {
      Outcome told = sh("\"$faultrig\" " + std::string(command) + " e/a");
      EXPECT_EQ(told.status.text(), "exited 2") << command << name;
      EXPECT_THAT(told.err, HasSubstr("a link, which is not followed"));
    }
    ASSERT_EQ(sh("rm " + file + "; mkfifo " + file).status.text(), "exited 0");
    for (const char* command : {"judge", "explain"}) {
      Outcome told = sh("\"$faultrig\" " + std::string(command) + " e/a");
      EXPECT_EQ(told.status.text(), "exited 2") << command << name;
      EXPECT_THAT(told.err, HasSubstr("not a regular file"));
    }
    ASSERT_EQ(sh("rm " + file + "; mv was " + file).status.text(), "exited 0");
  }
}

// Whatever its name is, the command that is shown runs it again.
TEST_F(CommandLineTest, IsShownSoThatItRepeatsTheRun) {
  for (const char* name : {"a b", "new\nline", "t\tab", "q'uo\"te", "$(id)",
                           "-dash", "rtl\xe2\x80\xae", "back\\x41"}) {
    write("s/" + std::string(name) + ".yaml",
          "workload: {command: ['false']}\nexpect:\n"
          "  - command: {exited: 0}\n");
  }
  Outcome told = sh(
      "\"$faultrig\" run s | sed -n 's/^ *rerun *faultrig //p' >lines; while "
      "read -r line; do bash -c \"'$faultrig' $line\" | tail -n 1 | cut -d ' ' "
      "-f 1-4; done <lines");
  std::string all;
  for (int i = 0; i < 8; ++i) {
    all += "0 passed, 1 failed\n";
  }
  EXPECT_EQ(told.out, all) << read("lines") << told.err;
}

// Each machine would run all of it, and nobody would see that.
TEST_F(CommandLineTest, TakesAnEmptyValueForAMistake) {
  write("a.yaml",
        "workload: {command: [touch, ran]}\nexpect:\n"
        "  - command: {exited: 0}\n");
  for (const char* option :
       {"--shard", "--rerun", "--timings", "--baseline", "--quarantine",
        "--evidence", "--changed-since", "--budget", "--report"}) {
    Outcome told =
        sh("\"$faultrig\" run a.yaml " + std::string(option) + " \"$NOT_SET\"");
    EXPECT_EQ(told.status.text(), "exited 2") << option;
    EXPECT_THAT(told.err, HasSubstr(option)) << option;
  }
  EXPECT_FALSE(fs::exists(folder() / "ran"));
}

TEST_F(CommandLineTest, KnowsTheShellsThatItCompletes) {
  for (const char* shell : {"bash", "zsh", "fish", "man"}) {
    Outcome told = sh("\"$faultrig\" completion " + std::string(shell));
    EXPECT_EQ(told.status.text(), "exited 0") << shell;
    EXPECT_THAT(told.out, HasSubstr("faultrig")) << shell;
  }
  EXPECT_EQ(sh("\"$faultrig\" completion csh").status.text(), "exited 2");
}

}  // namespace
}  // namespace faultrig
