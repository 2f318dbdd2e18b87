// A disk of the workload's own, which is full: what meets it, and what does
// not.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "harness/model/golden_plan.h"
#include "tests/injectors/empty_folder.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string shell(const std::string& script, const std::string& fault,
                  const std::string& expect, const std::string& more = "") {
  return "workload:\n" + more +
         "  command:\n    - bash\n    - -c\n    - |\n      " + script +
         "\nfaults:\n  - disk: " + fault + "\nexpect:\n" + expect;
}

std::string go_test(const std::string& name, const std::string& fault,
                    const std::string& expect,
                    const std::string& mode = "binary") {
  return "workload:\n  go_test: {dir: " + source_dir() +
         "/go_fixtures, packages: ./fills_disk, run: ^" + name +
         "$, mode: " + mode + ", flags: [-v]}\nfaults:\n  - disk: " + fault +
         "\nexpect:\n" + expect;
}

TEST(Disk, IsFullAtItsSizeToTheByte) {
  expect_pass(go_test("TestFills", "{path: $TMPDIR, size: 4MiB}",
                      "  - test: {exited: 0}\n"
                      "  - output: {contains: 'wrote 4194304 bytes, then'}\n"
                      "  - output: {contains: no space left on device}\n"
                      "  - took_effect: {fault: disk, times: 1}\n"));
}

TEST(Disk, IsThatOfTheTestAloneInTheChainOfGoTest) {
  expect_pass(go_test("TestFills", "{path: $TMPDIR, size: 1MiB}",
                      "  - test: {exited: 0}\n"
                      "  - go: {exited: 0}\n"
                      "  - output: {contains: 'wrote 1048576 bytes, then'}\n",
                      "chain"));
}

TEST(Disk, HasRoomAgainBehindItsRelease) {
  expect_pass(go_test(
      "TestJournal",
      "{path: $TMPDIR, full: true, when: {output: ^ready$}, until: {effects: "
      "3}}",
      "  - test: {exited: 0}\n"
      "  - took_effect: {fault: disk, times: 3}\n"
      "  - recovered: {after: disk, output: ^written again$}\n"));
}

TEST(Disk, ThatNobodyFillsProvesNothing) {
  const std::string yaml =
      shell("echo little > $TMPDIR/file", "{path: $TMPDIR, size: 1MiB}",
            "  - command: {exited: 0}\n");
  expect_verdict(yaml, Verdict::inconclusive);
}

// It is smaller than what is on it: then it has room for nothing more.
TEST(Disk, SmallerThanWhatIsOnItIsFull) {
  expect_pass(
      "golden: false\n" +
      shell("head -c 3M /dev/zero > $TMPDIR/one; echo ready\n"
            "      while head -c 4K /dev/zero > $TMPDIR/two; do :; done\n"
            "      [ $(stat -c %s $TMPDIR/one) = 3145728 ]",
            "{path: $TMPDIR, size: 1MiB, when: {output: ^ready$}}",
            "  - command: {exited: 0}\n"
            "  - output: {contains: No space left on device}\n"));
}

TEST(Disk, OnWhichNothingIsIsFullToo) {
  expect_pass(shell("echo x > $TMPDIR/file || echo refused",
                    "{path: $TMPDIR, full: true}",
                    "  - command: {exited: 0}\n"
                    "  - took_effect: {fault: disk, times: 1}\n"));
}

TEST(Disk, WithoutInodesMakesNoFileOfAnyKind) {
  expect_pass(shell(
      "cd $TMPDIR; for i in {1..9}; do : > f$i || break; done; echo $i\n"
      "      mkdir folder/; ln -s x link; mkdir $TMPDIR/sub; echo more >> f1 "
      "&& rm f2 && : > f3 && : > g",
      "{path: $TMPDIR, inodes: 5}",
      "  - command: {exited: 0}\n"
      "  - output: {matches: '^5$'}\n"
      "  - took_effect: {fault: disk, times: 4}\n"));
}

// Each in its own way of asking for room; perl and dd are C.
TEST(Disk, IsMetByEachCallThatWantsRoom) {
  for (const char* script :
       {"fallocate -l 2M $TMPDIR/file",
        "dd if=/dev/zero of=$TMPDIR/file bs=2M count=1 conv=fsync",
        "head -c 600K /dev/zero > $TMPDIR/a && cp --reflink=never $TMPDIR/a "
        "$TMPDIR/b",
        "perl -e 'open F, q(>), qq($ENV{TMPDIR}/f); my $b = qq(x) x 65536; "
        "my $v = pack(q(PQPQ), $b, 65536, $b, 65536); for (1..9) { "
        "syscall(20, fileno(F), $v, 2) < 0 and die qq($!) }'"}) {
    expect_pass(shell(script, "{path: $TMPDIR, size: 1MiB}",
                      "  - command: {exited: {not: 0}}\n"
                      "  - output: {contains: No space left on device}\n"));
  }
}

TEST(Disk, LiesOverAFolderThatIsEmptyBehindIt) {
  EmptyFolder folder;
  expect_pass(shell(
      "head -c 2M /dev/zero > " + folder.path() + "/file; ls " + folder.path(),
      "{path: " + folder.path() + ", size: 1MiB}",
      "  - command: {exited: 0}\n"
      "  - output: {contains: file}\n"));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Disk, HidesNoContent) {
  EmptyFolder folder;
  fs::create_directory(folder.path() + "/content");
  const std::string yaml =
      shell("true", "{path: " + folder.path() + ", size: 1MiB}",
            "  - command: {exited: 0}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::error);
  EXPECT_THAT(told(ran.judgement), HasSubstr("the folder has content"));
}

TEST(Disk, OverNoFolderSaysSo) {
  const std::string yaml = shell("true", "{path: not/there, size: 1MiB}",
                                 "  - command: {exited: 0}\n");
  SKIP_IF_MISSING(yaml);
  EXPECT_THAT(told(Rig::run(yaml).judgement), HasSubstr("mount a disk for"));
}

TEST(Disk, IsStillThereForWhoLooksAfterwards) {
  expect_pass(shell(
      "head -c 3M /dev/zero > $TMPDIR/data; true",
      "{path: $TMPDIR, size: 1MiB}",
      "  - command: {exited: 0}\n"
      "  - recover: {exited: 0}\n",
      // In the golden run there was room for all of it.
      "  recover: [sh, -c, 'test $(stat -c %s $TMPDIR/data) -ge 1048576 && "
      "head -c 4M /dev/zero >> $TMPDIR/data']\n"));
}

// What was never full is written to by calls that nobody made in its stead.
TEST(Disk, LeavesOtherDisksAlone) {
  EmptyFolder folder;
  expect_pass(
      shell("head -c 2M /dev/zero > $TMPDIR/x; head -c 2M /dev/zero > " +
                folder.path() + "/y && [ $(stat -c %s " + folder.path() +
                "/y) = 2097152 ]",
            "{path: $TMPDIR, size: 1MiB}", "  - command: {exited: 0}\n"));
}

TEST(Disk, HasRoomInTheGoldenRun) {
  Plan plan = Rig::plan(shell("true", "{path: $TMPDIR, inodes: 5}",
                              "  - command: {exited: 0}\n"));
  ASSERT_TRUE(plan.launch.links.at(Link::command).disk);
  EXPECT_EQ(plan.launch.links.at(Link::command).disk->inodes, 5U);
  Plan golden = without_faults(plan);
  const auto& disk = golden.launch.links.at(Link::command).disk;
  ASSERT_TRUE(disk);
  EXPECT_EQ(disk->path, kOwnTmpdir);
  EXPECT_EQ(disk->inodes, 0U);
  EXPECT_EQ(disk->fault, kNoFault);
}

TEST(Disk, IsSelectedByItsTriggerAndNoMoreBehindItsRelease) {
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "disk";
  spec.fault.at = Link::command;
  spec.fault.when.when = Trigger::When::after;
  spec.fault.params.set("path", std::string("data"));
  spec.fault.params.set("full", true);
  auto injector = find_injector("disk")->make(spec).value();
  FakeRun run;
  ASSERT_TRUE(injector->arm(run));
  EXPECT_THAT(run.activated, ElementsAre(0));
  ASSERT_TRUE(injector->release(run));
  EXPECT_THAT(run.released, ElementsAre(0));
}

TEST(Disk, SaysWhatIsNone) {
  auto complaint = [](const std::string& fault) {
    return Rig::complaints("workload: {command: [date]}\nfaults:\n  - disk: " +
                           fault + "\nexpect:\n  - command: {exited: 0}\n");
  };
  EXPECT_THAT(complaint("{path: data}"), HasSubstr("has room"));
  EXPECT_THAT(complaint("{path: ., size: 1MiB}"), HasSubstr("3:18: "));
  EXPECT_THAT(complaint("{path: $HOME/x, size: 1MiB}"),
              HasSubstr("or $TMPDIR as a whole"));
  EXPECT_THAT(complaint("{path: data, inodes: 0}"), HasSubstr("3:32: "));
  EXPECT_THAT(complaint("{path: data, size: 0}"), HasSubstr("size is nothing"));
  EXPECT_THAT(complaint("{path: a, size: 1MiB}\n  - disk: {name: b, path: b, "
                        "size: 1MiB}"),
              HasSubstr("one link can have one disk"));
}

}  // namespace
}  // namespace faultrig
