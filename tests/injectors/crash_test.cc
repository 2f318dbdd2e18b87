// What would be on the disk if power went: what is recorded, what is not seen,
// and what recover is shown.
#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/inject/registry.h"
#include "harness/model/golden_plan.h"
#include "tests/injectors/crash_shell.h"
#include "tests/injectors/empty_folder.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Crash, LosesWhatNobodySynced) {
  expect_seen_and_passed(
      shell("echo one > $TMPDIR/file; echo saved",
            "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q one "
            "$TMPDIR/file",
            "{path: $TMPDIR, states: [synced]}",
            "  - command: {exited: 0}\n"
            "  - recover: {exited: [0, 2]}\n"
            "  - states: {bad: 1, lacking: 1, tried: 1}\n"));
}

TEST(Crash, KeepsWhatWasSynced) {
  expect_seen_and_passed(shell(
      "echo one > $TMPDIR/file; sync $TMPDIR/file; echo saved",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q one $TMPDIR/file",
      "{path: $TMPDIR}", std::string(kAllIsWell) + "  - states: {bad: 0}\n"));
}

TEST(Crash, ThatLosesNothingProvesNothing) {
  const std::string yaml = shell(": > $TMPDIR/file", ":",
                                 "{path: $TMPDIR, states: [kept]}", kAllIsWell);
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Crash, IsAFailureWhereOneStateIsBad) {
  const std::string yaml =
      shell("echo one > $TMPDIR/file",
            "[ ! -e $TMPDIR/file ] || test -s $TMPDIR/file",
            "{path: $TMPDIR, states: [kept, names]}", kAllIsWell);
  SKIP_IF_MISSING(yaml);
  Rig::Told run = Rig::run(yaml);
  EXPECT_EQ(run.judgement.verdict, Verdict::fail) << told(run.judgement);
  EXPECT_THAT(told(run.judgement),
              HasSubstr("recover exited 1 on a state: names: power went after "
                        "operation 2 of 2, the write of 4 bytes at 0 to "
                        "'file'; lost: write of 4 bytes at 0 to 'file'"));
  auto kept = std::find_if(
      run.evidence->parts().files.begin(), run.evidence->parts().files.end(),
      [](const auto& file) { return file.first.ends_with("-names/file"); });
  ASSERT_NE(kept, run.evidence->parts().files.end());
  EXPECT_EQ(kept->second, "");
}

TEST(Crash, DoesNotHappenWithoutItsFault) {
  const std::string yaml = shell(
      "echo one > $TMPDIR/file", "test -s $TMPDIR/file", "{path: $TMPDIR}",
      "  - recover: {exited: [0, 1]}\n  - states: {bad: {at_least: 1}}\n");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::pass);
  EXPECT_EQ(Rig::run_unharmed(yaml).judgement.verdict, Verdict::fail);
}

// What the record makes of the folder is compared with it: no call may be
// missing, and none may be told otherwise than it was.
TEST(Crash, RecordsEachWayToChangeAFolder) {
  expect_seen_and_passed(shell(
      "cd $TMPDIR; umask 027; mkdir -p a/b; echo one > a/one; ln a/one two\n"
      "      ln -s a/one link; mv a c; echo more >> c/one; truncate -s 3 two\n"
      "      dd if=/dev/zero of=c/b/z bs=1000 count=3 2>/dev/null\n"
      "      printf xy | dd of=c/b/z bs=1 seek=5 conv=notrunc 2>/dev/null\n"
      "      cp c/b/z copied; fallocate -l 5000 copied; mv copied c/one\n"
      "      echo gone > gone; rm gone; mkdir d; rmdir d; ln -sf two link\n"
      "      perl -e 'open F, \"+<\", \"two\"; syswrite F, \"end\"; truncate "
      "F, "
      "2'\n"
      "      mkdir e; echo x > e/x; rm -r e; echo late > f; sync f",
      "[ ! -e $TMPDIR/f ] || { [ $(stat -c %a $TMPDIR/c) = 750 ] && cd "
      "$TMPDIR && [ -e c/one ] && [ $(readlink link) = two ] && [ -e c/b/z ] "
      "&& [ ! -e e ] && [ $(stat -c %s two) = 2 ]; }",
      "{path: $TMPDIR, states: [kept, synced]}",
      std::string(kAllIsWell) +
          "  - states: {bad: 0, tried: {at_least: 20}}\n"));
}

TEST(Crash, LeavesASlashBehindANameThatIsNoFolderToTheKernel) {
  expect_seen_and_passed(shell(
      "cd $TMPDIR; echo one > f; perl -e 'open(F, \">\", \"new/\") and exit "
      "8; $n = \"f/\"; syscall(87, $n) == 0 and exit 9; rename($n, \"g\") and "
      "exit 10; rename(\"f\", \"g/\") and exit 11; symlink(\"f\", \"g/\") and "
      "exit "
      "12; link(\"f\", \"g/\") and exit 13; mkdir(\"d\") or exit 14; "
      "rename(\"d/\", \"e/\") or exit 15'",
      "[ ! -e $TMPDIR/new ] && [ ! -e $TMPDIR/g ]", "{path: $TMPDIR}",
      std::string(kAllIsWell) + "  - states: {lacking: {at_least: 1}}\n"));
}

TEST(Crash, KnowsTheContentOfWhatIsMovedInFromOutside) {
  expect_seen_and_passed(shell(
      "cd $TMPDIR; echo one > new; sync new; mv new data/file; sync data; "
      "echo saved\n      echo two > new; mv new data/file",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q -e one -e two "
      "$TMPDIR/data/file",
      "{path: $TMPDIR/data}",
      std::string(kAllIsWell) +
          "  - states: {bad: 0, lacking: {at_least: 1}}\n"));
}

TEST(Crash, KnowsAFileThatGetsItsFirstNameLate) {
  // Where the disk has no such files (overlayfs before Linux 6.3), by a link.
  const std::string perl =
      "perl -e 'use Fcntl; $t = $ENV{TMPDIR}; if (sysopen(F, $t, 0x410002, "
      "0600)) { syswrite F, \"one\"; $f = fileno F; syscall(265, -100, "
      "\"/proc/self/fd/$f\", -100, \"$t/file\", 0x400) == 0 or exit 8 } else "
      "{ open F, \">\", \"$t/t\"; syswrite F, \"one\"; link \"$t/t\", "
      "\"$t/file\" }'";
  expect_seen_and_passed(
      shell(perl,
            "[ ! -e $TMPDIR/file ] || [ ! -s $TMPDIR/file ] || grep -q one "
            "$TMPDIR/file",
            "{path: $TMPDIR}",
            std::string(kAllIsWell) +
                "  - states: {bad: 0, lacking: {at_least: 1}}\n"));
}

TEST(Crash, LeavesTheFolderOfItsUserAsTheWorkloadLeftIt) {
  EmptyFolder folder;
  fs::create_directory(folder.path() + "/data");
  std::ofstream(folder.path() + "/data/old") << "old\n";
  std::ofstream(folder.path() + "/beside") << "beside\n";
  const std::string cwd = "  cwd: " + folder.path() + "\n";
  expect_seen_and_passed(shell(
      "echo new > data/new; echo newer > data/old",
      "grep -q beside beside; [ ! -s data/old ] || grep -q -e old -e newer "
      "data/old; echo touched > data/old; rm -f data/new",
      "{path: ./data}",
      std::string(kAllIsWell) +
          "  - states: {bad: 0, lacking: {at_least: 1}}\n",
      cwd));
  if (!HasFatalFailure() && !IsSkipped()) {
    // The golden run's recover is the last that saw the user's own.
    EXPECT_EQ(read_file(AT_FDCWD, folder.path() + "/data/old").value_or(""),
              "newer\n");
    EXPECT_EQ(read_file(AT_FDCWD, folder.path() + "/data/new").value_or(""),
              "new\n");
  }
}

TEST(Crash, HappensFromItsTriggerOn) {
  const std::string made = shell(
      "echo one > $TMPDIR/one; echo ready; echo two > $TMPDIR/two", "exit 0",
      "{path: $TMPDIR, states: [kept], when: {call: openat, path: '*/two'}}",
      kAllIsWell);
  SKIP_IF_MISSING(made);
  Rig::Told run = Rig::run(made);
  ASSERT_NE(run.evidence, nullptr) << told(run.judgement);
  std::vector<std::string> tried = told(*run.evidence, Fact::state_tried);
  ASSERT_FALSE(tried.empty());
  EXPECT_THAT(tried.front(),
              AnyOf(HasSubstr("print of 6 bytes"), HasSubstr("'two'")));
}

TEST(Crash, HappensNoMoreBehindItsRelease) {
  const std::string made = shell(
      "echo one > $TMPDIR/one; echo two > $TMPDIR/two; echo three > "
      "$TMPDIR/three",
      "exit 0",
      "{path: $TMPDIR, states: [kept], until: {call: openat, path: '*/two'}}",
      kAllIsWell);
  SKIP_IF_MISSING(made);
  Rig::Told run = Rig::run(made);
  ASSERT_NE(run.evidence, nullptr) << told(run.judgement);
  std::vector<std::string> tried = told(*run.evidence, Fact::state_tried);
  EXPECT_THAT(tried, Contains(HasSubstr("to 'one'")));
  EXPECT_THAT(tried, Each(Not(HasSubstr("'three'"))));
}

TEST(Crash, SaysWhereMemoryWroteToAFile) {
  expect_inconclusive(
      "workload:\n  go_test: {dir: " + source_dir() +
          "/go_fixtures, packages: ./acknowledges, run: ^TestMaps$, "
          "mode: binary}\n  recover: [sh, -c, ':']\nfaults:\n  - "
          "crash: {path: $TMPDIR}\nexpect:\n  - recover: {exited: "
          "0}\n",
      "mmap of test: what comes into the file by it is not seen");
}

TEST(Crash, SaysWhereOthersWroteToAFile) {
  EmptyFolder folder;
  fs::create_directory(folder.path() + "/data");
  // By way of a call that is not made here: what stands there is compared.
  expect_inconclusive(
      shell(
          "perl -e 'open F, \">\", \"data/f\"; open G, \"<\", \"/etc/passwd\"; "
          "syscall(40, fileno F, fileno G, 0, 5) == 5 or exit 9'",
          ":", "{path: ./data}", kAllIsWell, "  cwd: " + folder.path() + "\n"),
      "sendfile");
}

TEST(Crash, TellsRecoverWhatIsPrintedByAnotherDescriptor) {
  expect_seen_and_passed(shell(
      "perl -e 'open F, \">\", \"$ENV{TMPDIR}/file\"; print F 1; close F; "
      "open O, \">&STDOUT\"; syswrite O, \"saved\"'",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; [ -s $TMPDIR/file ]",
      "{path: $TMPDIR, states: [synced]}",
      "  - command: {exited: 0}\n  - recover: {exited: [0, 1]}\n"
      "  - states: {bad: 1, lacking: 1}\n"));
}

// By sendfile(2): what it promises nobody knows.
TEST(Crash, ProvesNothingWherePrintsAreNotSeen) {
  expect_inconclusive(
      shell("echo one > $TMPDIR/file; perl -e 'open G, \"<\", "
            "\"/etc/passwd\"; syscall(40, 1, fileno G, 0, 5) == 5 or exit 9'",
            ":", "{path: $TMPDIR}", kAllIsWell),
      "5 of 5 bytes on stdout were printed in a way that is not seen");
}

TEST(Crash, WithADiskThatLiesIsWorse) {
  const std::string yaml = shell(
      "echo one > $TMPDIR/file; sync $TMPDIR/file; sync $TMPDIR; echo saved",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q one $TMPDIR/file",
      "{path: $TMPDIR, states: [synced]}\n  - syscall: {call: fsync, returns: "
      "0}",
      "  - recover: {exited: [0, 2]}\n  - states: {bad: 1}\n");
  expect_seen_and_passed(yaml);
}

TEST(Crash, IsPlannedAsOneFolderOfItsLink) {
  Plan plan = Rig::plan(
      shell(":", ":",
            "{path: $TMPDIR, states: [torn, kept], model: posix, at_most: 7}",
            kAllIsWell));
  const auto& crash = plan.launch.links.at(Link::command).crash;
  ASSERT_TRUE(crash);
  EXPECT_EQ(crash->path, "$TMPDIR");
  EXPECT_THAT(crash->kinds,
              ElementsAre(CrashStateKind::torn, CrashStateKind::kept));
  EXPECT_EQ(crash->model, CrashModel::posix);
  EXPECT_EQ(crash->at_most, 7U);
  EXPECT_EQ(Rig::plan(shell(":", ":", "{path: $TMPDIR}", kAllIsWell))
                .launch.links.at(Link::command)
                .crash->model,
            CrashModel::ext4);
  EXPECT_TRUE(plan.launch.links.at(Link::command).needs_copies());
  Plan golden = without_faults(plan);
  EXPECT_EQ(golden.launch.links.at(Link::command).crash->fault, kNoFault);
}

TEST(Crash, RefusesWhatItCannotShow) {
  for (const char* path :
       {"/etc", "../data", "a/../../b", "$HOME", "$TMPDIRS"}) {
    EXPECT_THAT(Rig::complaints(shell(
                    ":", ":", std::string("{path: ") + path + "}", kAllIsWell)),
                HasSubstr("path is to be $TMPDIR"))
        << path;
  }
  EXPECT_THAT(Rig::complaints(shell(":", ":", "{path: $TMPDIR, states: [lost]}",
                                    kAllIsWell)),
              HasSubstr("'lost', which is none of kept, synced, names"));
  EXPECT_THAT(
      Rig::complaints("workload: {command: [ls]}\nfaults:\n  - crash: {path: "
                      "$TMPDIR}\nexpect:\n  - command: {exited: 0}\n"),
      HasSubstr("give the workload a command `recover`"));
  EXPECT_THAT(
      Rig::complaints(shell(":", ":",
                            "{path: $TMPDIR}\n  - disk: {path: $TMPDIR, full: "
                            "true}",
                            kAllIsWell)),
      HasSubstr("a disk or a crash, not both"));
}

}  // namespace
}  // namespace faultrig
