// What really was on a disk if power went.
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "harness/os/disk_image.h"
#include "harness/os/tried_in_child.h"
#include "tests/injectors/crash_shell.h"
#include "tests/injectors/empty_folder.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CrashImage, LacksWhatNobodySynced) {
  const std::string yaml = shell(
      "echo one > $TMPDIR/file; echo saved",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q one $TMPDIR/file",
      "{path: $TMPDIR, image: ext4}",
      "  - command: {exited: 0}\n  - recover: {exited: [0, 1, 2]}\n"
      "  - states: {kind: image, bad: {at_least: 1}}\n");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::pass);
  EXPECT_EQ(Rig::run_unharmed(yaml).judgement.verdict, Verdict::fail);
}

TEST(CrashImage, HasWhatWasSynced) {
  expect_seen_and_passed(shell(
      "echo one > $TMPDIR/file; sync $TMPDIR/file; echo saved",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; grep -q one $TMPDIR/file",
      "{path: $TMPDIR, image: ext4}",
      std::string(kAllIsWell) +
          "  - states: {bad: 0, lacking: {at_least: 1}}\n"));
}

TEST(CrashImage, TellsWhatIsMissingAndKeepsTheImage) {
  const std::string yaml =
      shell("echo one > $TMPDIR/old; sync $TMPDIR/old; echo one > $TMPDIR/file",
            "test -s $TMPDIR/file || [ ! -e $TMPDIR/old ]",
            "{path: $TMPDIR, image: ext4}", kAllIsWell);
  SKIP_IF_MISSING(yaml);
  Rig::Told run = Rig::run(yaml);
  EXPECT_EQ(run.judgement.verdict, Verdict::fail) << told(run.judgement);
  EXPECT_THAT(told(run.judgement),
              HasSubstr("image: power went when all had ended; lost: 'file' "));
  const auto& files = run.evidence->parts().files;
  EXPECT_TRUE(std::any_of(files.begin(), files.end(), [](const auto& file) {
    return file.first.ends_with("-image/old") && file.second == "one\n";
  }));
}

// What was there before is on the disk, and its user's own folder stays as it
// was.
TEST(CrashImage, IsOfAFolderThatHadContent) {
  EmptyFolder folder;
  fs::create_directory(folder.path() + "/data");
  std::ofstream(folder.path() + "/data/old") << "old\n";
  fs::create_hard_link(folder.path() + "/data/old",
                       folder.path() + "/data/same");
  fs::create_symlink("old", folder.path() + "/data/link");
  fs::permissions(folder.path() + "/data", fs::perms(0750));
  expect_seen_and_passed(shell(
      "[ data/old -ef data/same ] && [ -L data/link ] && [ $(stat -c %a "
      "data) = 750 ] && echo new > data/new; cat data/old",
      "grep -q old data/old", "{path: ./data, image: ext4}",
      std::string(kAllIsWell) + "  - states: {bad: 0, lacking: {at_least: 1}}\n"
                                "  - output: {contains: old}\n",
      "  cwd: " + folder.path() + "\n"));
  EXPECT_FALSE(fs::exists(folder.path() + "/data/new"));
}

// A shell's 2>&1 is seen, another descriptor of the same is not.
TEST(CrashImage, ProvesNothingWherePrintsAreNotSeen) {
  const std::string recover =
      "grep -q saved $FAULTRIG_PRINTED || exit 0; [ -s $TMPDIR/file ]";
  auto of = [&](const std::string& script) {
    return shell("echo one > $TMPDIR/file; " + script, recover,
                 "{path: $TMPDIR, image: ext4}", kAllIsWell);
  };
  SKIP_IF_MISSING(of(":"));
  EXPECT_EQ(Rig::run(of("perl -e 'syswrite STDERR, \"saved\"' 2>&1"))
                .judgement.verdict,
            Verdict::fail);
  expect_inconclusive(
      of("perl -e 'open O, \">&STDOUT\"; syswrite O, \"saved\"'"),
      "5 of 5 bytes on stdout were printed");
}

// Of twenty prints of a MiB sixteen are kept, and each of the others is too
// many.
TEST(CrashImage, SaysOnceThatMoreWasPrintedThanCanBeKept) {
  const std::string yaml =
      shell("dd if=/dev/zero bs=1M count=20 2>/dev/null", ":",
            "{path: $TMPDIR, image: ext4}", kAllIsWell);
  SKIP_IF_MISSING(yaml);
  Rig::Told run = Rig::run(yaml);
  EXPECT_EQ(run.judgement.verdict, Verdict::error);
  ASSERT_NE(run.evidence, nullptr);
  EXPECT_THAT(told(*run.evidence, Fact::trouble),
              ElementsAre(": crash: more was printed than can be kept"));
}

// Nothing has to stand still for it: names come and go while it is read.
TEST(CrashImage, IsOfAFolderThatChangesMeanwhile) {
  expect_seen_and_passed(shell(
      "perl -e 'until (-e \"$ENV{TMPDIR}/end\") { mkdir "
      "\"$ENV{TMPDIR}/d\"; for (1..9) { open F, \">\", "
      "\"$ENV{TMPDIR}/d/$_\"; close F } unlink glob \"$ENV{TMPDIR}/d/*\"; "
      "rmdir \"$ENV{TMPDIR}/d\" }' & for i in 1 2 3 4 5 6; do echo $i > "
      "$TMPDIR/$i; sync $TMPDIR/$i; echo saved; done; : > $TMPDIR/end; wait",
      "grep -q saved $FAULTRIG_PRINTED || exit 0; [ -s $TMPDIR/1 ]",
      "{path: $TMPDIR, image: ext4}", kAllIsWell));
}

// mkfs makes fewer inodes for the bytes of a large disk, if nobody asks.
TEST(CrashImage, HasRoomForAsManyNamesWhateverItsSize) {
  SKIP_IF_MISSING(shell(":", ":", "{path: $TMPDIR, image: ext4}", kAllIsWell));
  for (std::uint64_t size : {std::uint64_t{64} << 20, std::uint64_t{1} << 30}) {
    auto disk = DiskImage::make("ext4", size, {});
    ASSERT_TRUE(disk) << disk.error().what;
    struct statvfs seen {};
    ASSERT_EQ(statvfs(disk->root().c_str(), &seen), 0);
    EXPECT_GT(seen.f_favail, size / 4096 - 100) << size;
  }
}

TEST(CrashImage, IsTakenFromItsTriggerOn) {
  expect_seen_and_passed(shell(
      "echo one > $TMPDIR/file; sync $TMPDIR/file; echo saved; echo two > "
      "$TMPDIR/other",
      "grep -q saved $FAULTRIG_PRINTED && grep -q one $TMPDIR/file",
      "{path: $TMPDIR, image: ext4, when: {call: openat, path: '*/other'}}",
      std::string(kAllIsWell) +
          "  - states: {bad: 0, lacking: {at_least: 1}}\n"));
}

// As in a container whose root has no CAP_SYS_PTRACE: mkfs is shown no files of
// ours there.
TEST(CrashImage, IsMadeWhereNobodyMayLookAtOurFiles) {
  SKIP_IF_MISSING(shell(":", ":", "{path: $TMPDIR, image: ext4}", kAllIsWell));
  Result<> made = tried_in_child("make an image", [] {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    bool dropped = prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0, 0, 0) == 0;
    return dropped && try_image("ext4", {}) ? 0 : EACCES;
  });
  EXPECT_TRUE(made) << made.error().what;
}

TEST(CrashImage, IsOfNoModel) {
  for (const char* more : {"states: [kept]", "model: posix"}) {
    EXPECT_THAT(
        Rig::complaints(shell(
            ":", ":", std::string("{path: $TMPDIR, image: ext4, ") + more + "}",
            kAllIsWell)),
        HasSubstr("an image is what was on a disk, of no model"));
  }
  Plan plan =
      Rig::plan(shell(":", ":", "{path: $TMPDIR, image: xfs}", kAllIsWell));
  EXPECT_THAT(plan.launch.needs, Contains(kNeedsXfs));
  EXPECT_FALSE(plan.launch.links.at(Link::command).needs_copies());
}

}  // namespace
}  // namespace faultrig
