// A workload may mount, link and move what it likes below a folder of ours:
// removing that folder loses nothing of the machine's.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/mount_watch.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_folders.h"
#include "harness/os/shim_mounts.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A folder of ours, `ours`, and one of the machine's, `victim`, side by side on
// one file system, so that st_dev tells nothing.
class Folders : public ::testing::Test {
 protected:
  void SetUp() override {
    place_ = fs::temp_directory_path() /
             ("folders-test-" + std::to_string(getpid()));
    ours_ = place_ / "ours";
    victim_ = place_ / "victim";
    fs::create_directories(victim_ / "deep");
    std::ofstream(victim_ / "kept") << "kept";
    std::ofstream(victim_ / "deep/kept") << "kept";
    ASSERT_TRUE(make_own_folder(ours_.string()));
  }

  void TearDown() override {
    EXPECT_TRUE(fs::exists(victim_ / "kept"));
    EXPECT_TRUE(fs::exists(victim_ / "deep/kept"));
    EXPECT_THAT(mounts_below(), IsEmpty());
    (void)take_off_mounts(place_.string());
    fs::remove_all(place_);
  }

  std::vector<std::string> mounts_below() const {
    auto text = read_file(AT_FDCWD, "/proc/self/mountinfo", 1 << 24);
    return mount_points_below(text.value_or(""),
                              fs::canonical(place_).string());
  }

  // False, and skipped, where we may not.
  bool bind(const fs::path& from, const fs::path& to, unsigned long more = 0) {
    if (mount(from.c_str(), to.c_str(), nullptr, MS_BIND | more, nullptr) ==
        0) {
      return true;
    }
    EXPECT_EQ(errno, EPERM);
    return false;
  }

  FolderEnd expect_gone() {
    FolderEnd end = remove_folder(ours_.string());
    EXPECT_EQ(end.why, "");
    EXPECT_FALSE(fs::exists(fs::symlink_status(ours_)));
    return end;
  }

  fs::path place_;
  fs::path ours_;
  fs::path victim_;
};

#define BIND_OR_SKIP(...)                       \
  if (!bind(__VA_ARGS__)) {                     \
    GTEST_SKIP() << "needs the right to mount"; \
  }                                             \
  static_assert(true)

TEST_F(Folders, AreRemovedWithoutWhatIsBoundBelow) {
  fs::create_directories(ours_ / "a/b c");
  BIND_OR_SKIP(victim_, ours_ / "a/b c");
  EXPECT_THAT(expect_gone().mounts,
              ElementsAre(fs::canonical(place_) / "ours/a/b c"));
}

TEST_F(Folders, AreWatchedForMountsWithoutReadingTheList) {
  fs::create_directory(ours_ / "here");
  MountWatch watch;
  BIND_OR_SKIP(victim_, ours_ / "here");
  EXPECT_TRUE(watch.changed());
  (void)take_off_mounts(ours_.string());
  EXPECT_TRUE(watch.changed()) << "taking it off is a change too";
}

TEST_F(Folders, AreRemovedWithoutAFileThatIsBoundBelow) {
  std::ofstream(ours_ / "file") << "ours";
  BIND_OR_SKIP(victim_ / "kept", ours_ / "file");
  expect_gone();
}

TEST_F(Folders, AreRemovedWithoutWhatIsBoundOverThem) {
  BIND_OR_SKIP(victim_, ours_);
  BIND_OR_SKIP(victim_ / "deep", ours_);
  EXPECT_EQ(expect_gone().mounts.size(), 2U);
}

TEST_F(Folders, AreRemovedWithoutWhatIsBoundInWhatIsBound) {
  fs::create_directory(ours_ / "tmpfs");
  if (mount("none", (ours_ / "tmpfs").c_str(), "tmpfs", 0, nullptr) != 0) {
    GTEST_SKIP() << "needs the right to mount";
  }
  fs::create_directory(ours_ / "tmpfs/x");
  BIND_OR_SKIP(victim_, ours_ / "tmpfs/x");
  EXPECT_EQ(expect_gone().mounts.size(), 1U) << "the inner one goes with it";
}

TEST_F(Folders, TakeNoMountOfTheMachineAlong) {
  // A shared mount tells its peers when one below it is taken off.
  fs::create_directories(place_ / "machine");
  BIND_OR_SKIP(place_ / "machine", place_ / "machine");
  ASSERT_EQ(
      mount(nullptr, (place_ / "machine").c_str(), nullptr, MS_SHARED, nullptr),
      0);
  fs::create_directories(place_ / "machine/proc");
  ASSERT_EQ(
      mount("none", (place_ / "machine/proc").c_str(), "tmpfs", 0, nullptr), 0);
  fs::create_directory(ours_ / "x");
  BIND_OR_SKIP(place_ / "machine", ours_ / "x", MS_REC);
  expect_gone();
  EXPECT_THAT(mounts_below(),
              ElementsAre(fs::canonical(place_) / "machine",
                          fs::canonical(place_) / "machine/proc"));
  ASSERT_EQ(umount2((place_ / "machine").c_str(), MNT_DETACH), 0);
}

TEST_F(Folders, AreRemovedWithoutWhatTheirLinksPointTo) {
  fs::create_directory_symlink(victim_, ours_ / "link");
  fs::create_symlink(victim_ / "kept", ours_ / "file");
  expect_gone();
}

TEST_F(Folders, ThatAreALinkByNowLoseTheLinkAlone) {
  fs::rename(ours_, place_ / "away");
  fs::create_directory_symlink(victim_, ours_);
  expect_gone();
}

TEST_F(Folders, ThatAnotherHasReplacedAreLeft) {
  fs::rename(ours_, place_ / "away");
  fs::rename(victim_, ours_);
  EXPECT_EQ(remove_folder(ours_.string()).why,
            "another folder has taken its place");
  fs::rename(ours_, victim_);
}

TEST_F(Folders, AreRemovedHoweverDeep) {
  Fd at(open(ours_.c_str(), O_PATH | O_CLOEXEC));
  for (int depth = 0; depth < 600; ++depth) {
    ASSERT_EQ(mkdirat(at.get(), "a-folder", 0700), 0);
    at = open_file(at.get(), "a-folder", O_PATH).value();
  }
  at.reset();
  expect_gone();
}

TEST_F(Folders, AreRemovedThoughPermissionsWereTakenAway) {
  fs::create_directories(ours_ / "a/b");
  std::ofstream(ours_ / "a/b/file") << "ours";
  fs::permissions(ours_ / "a/b", fs::perms::none);
  fs::permissions(ours_ / "a", fs::perms::none);
  fs::permissions(ours_, fs::perms::none);
  expect_gone();
}

TEST_F(Folders, OfOthersAreRemovedAsCarefully) {
  fs::remove(ours_ / kOwnMark);
  fs::create_directories(ours_ / "x");
  fs::create_directory_symlink(victim_, ours_ / "link");
  BIND_OR_SKIP(victim_, ours_ / "x");
  EXPECT_EQ(remove_unmarked_folder(ours_.string()).why, "");
  EXPECT_FALSE(fs::exists(ours_));
}

TEST_F(Folders, ThatAreGoneAlreadyAreGone) {
  expect_gone();
  expect_gone();
}

TEST_F(Folders, OfTheDeadLoseNothingAtTheNextStart) {
  // Of a pid that no process can have any more.
  std::string dead = owner_name();
  std::string pid = "-" + std::to_string(getpid()) + "-";
  dead.replace(dead.find(pid), pid.size(), "-2147483647-");
  ASSERT_TRUE(is_stale(dead));
  // Where no other faultrig of this machine starts and cleans up.
  fs::create_directory(place_ / "tmp");
  setenv("TMPDIR", (place_ / "tmp").c_str(), 1);
  fs::path folder = place_ / "tmp" / dead;
  ASSERT_TRUE(make_own_folder(folder.string()));
  fs::create_directory(folder / "x");
  BIND_OR_SKIP(victim_, folder / "x");
  Leftovers found = remove_leftovers({});
  unsetenv("TMPDIR");
  EXPECT_THAT(found.mounts, ::testing::Contains(HasSubstr(dead + "/x")));
  EXPECT_THAT(found.removed, ::testing::Contains(folder.string()));
  EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
}  // namespace faultrig
