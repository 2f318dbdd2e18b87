// Stepping aside on v2, in a group of the test's own; and what libcgroup 2.0.2
// gets wrong where it could reach us.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/cgroup.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

pid_t start_idle() {
  pid_t pid = fork();
  if (pid == 0) {
    pause();
    _exit(0);
  }
  return pid;
}

void end(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

std::string content(const std::string& path) {
  return read_file(AT_FDCWD, path).value_or("");
}

class Stay : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = find_cgroup_places();
    if (places_.memory.empty()) {
      GTEST_SKIP() << "needs a writable memory cgroup";
    }
    folder_ = places_.memory + "/" + owner_name() + ".stay";
    ASSERT_EQ(mkdir(folder_.c_str(), 0755), 0);
    leaf_ = folder_ + "/" + std::string(kAsideLeaf);
  }

  void TearDown() override {
    if (!folder_.empty()) {
      EXPECT_TRUE(remove_cgroup(folder_));
    }
  }

  void put(pid_t pid) const {
    ASSERT_TRUE(
        write_file(AT_FDCWD, folder_ + "/cgroup.procs", std::to_string(pid)));
  }

  CgroupPlaces places_;
  std::string folder_;
  std::string leaf_;
};

TEST_F(Stay, MovesEverybodyToTheLeafAndBack) {
  pid_t idle = start_idle();
  put(idle);
  auto first = CgroupStay::begin(folder_);
  if (!places_.memory_v2) {
    EXPECT_FALSE(first);
    EXPECT_THAT(members_of(folder_), ElementsAre(idle));
    end(idle);
    return;
  }
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_THAT(members_of(leaf_), ElementsAre(idle));
  EXPECT_THAT(content(folder_ + "/cgroup.subtree_control"),
              HasSubstr("memory"));
  auto second = CgroupStay::begin(folder_);
  ASSERT_TRUE(second) << second.error().what;
  first->reset();
  EXPECT_THAT(members_of(leaf_), ElementsAre(idle)) << "one still needs it";
  second->reset();
  EXPECT_THAT(members_of(folder_), ElementsAre(idle));
  EXPECT_NE(access(leaf_.c_str(), F_OK), 0);
  end(idle);
}

std::string control(const std::string& folder) {
  std::string text = content(folder + "/cgroup.subtree_control");
  return text.substr(0, text.find('\n'));
}

// Of a witness, +pids stayed, and so the shell stayed in the leaf for ever.
TEST_F(Stay, TakesBackEveryControllerThatItHasGiven) {
  if (!places_.memory_v2) {
    EXPECT_FALSE(CgroupStay::begin(folder_, false));
    return;
  }
  auto stay = CgroupStay::begin(folder_, false);
  ASSERT_TRUE(stay) << stay.error().what;
  EXPECT_NE(access(leaf_.c_str(), F_OK), 0) << "nobody had to step aside";
  EXPECT_THAT(control(folder_), HasSubstr("memory"));
  auto other = CgroupStay::begin(folder_, false);
  stay->reset();
  EXPECT_THAT(control(folder_), HasSubstr("memory")) << "one still needs it";
  other->reset();
  EXPECT_EQ(control(folder_), "");
  pid_t idle = start_idle();
  put(idle);
  EXPECT_FALSE(CgroupStay::begin(folder_, false)) << "somebody is in the way";
  ASSERT_TRUE(CgroupStay::begin(folder_));
  EXPECT_EQ(control(folder_), "");
  EXPECT_THAT(members_of(folder_), ElementsAre(idle));
  end(idle);
}

// What somebody else has enabled is theirs.
TEST_F(Stay, LeavesAControllerThatWasThere) {
  if (!places_.memory_v2) {
    EXPECT_FALSE(CgroupStay::begin(folder_, false));
    return;
  }
  ASSERT_TRUE(
      write_file(AT_FDCWD, folder_ + "/cgroup.subtree_control", "+memory"));
  ASSERT_TRUE(CgroupStay::begin(folder_, false));
  EXPECT_EQ(control(folder_), "memory");
}

TEST_F(Stay, TakesNoControllerFromTheGroupsOfOthers) {
  if (!places_.memory_v2) {
    EXPECT_FALSE(CgroupStay::begin(folder_));
    return;
  }
  pid_t idle = start_idle();
  put(idle);
  auto stay = CgroupStay::begin(folder_);
  ASSERT_TRUE(stay) << stay.error().what;
  std::string other = folder_ + "/other";
  ASSERT_EQ(mkdir(other.c_str(), 0755), 0);
  ASSERT_TRUE(write_file(AT_FDCWD, other + "/memory.max", "33554432"));
  stay->reset();
  EXPECT_EQ(content(other + "/memory.max"), "33554432\n");
  EXPECT_TRUE(remove_cgroup(other));
  // The next to come and go finds nobody else there.
  ASSERT_TRUE(CgroupStay::begin(folder_));
  EXPECT_THAT(members_of(folder_), ElementsAre(idle));
  end(idle);
}

// cgroup_create_cgroup() says 0 for a group that is there already.
TEST_F(Stay, DoesNotTakeAGroupThatIsThereForItsOwn) {
  auto first = Cgroup::make(places_, owner_name() + ".twice");
  ASSERT_TRUE(first) << first.error().what;
  auto second = Cgroup::make(places_, owner_name() + ".twice");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().os_errno, EEXIST);
  EXPECT_EQ(access(first->folders().front().c_str(), F_OK), 0)
      << "and does not remove it either";
}

// cgroup_delete_cgroup_ext() says 0 for a group that it does not remove.
TEST_F(Stay, RemovesAGroupThatIsNotEmpty) {
  pid_t idle = start_idle();
  put(idle);
  std::string below = folder_ + "/below";
  ASSERT_EQ(mkdir(below.c_str(), 0755), 0);
  EXPECT_TRUE(remove_cgroup(folder_));
  EXPECT_NE(access(folder_.c_str(), F_OK), 0);
  int status = 0;
  waitpid(idle, &status, 0);
  EXPECT_EQ(status, SIGKILL);
}

// cgroup_attach_task() moves one thread of v1's; a child that joins before it
// has threads takes them all along.
TEST(Libcgroup, DoesNotKeepThreadsOutOfTheGroup) {
  CgroupPlaces places = find_cgroup_places();
  auto group = Cgroup::make(places, owner_name() + ".threads");
  ASSERT_TRUE(group) << group.error().what;
  pid_t pid = fork();
  if (pid == 0) {
    for (int join : group->join_fds()) {
      (void)!write(join, "0", 1);
    }
    bool inside = false;
    std::thread([&] {
      inside = content("/proc/thread-self/cgroup").find(group->name()) !=
               std::string::npos;
    }).join();
    _exit(inside ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

// cgroup_init() fails where nothing is mounted, and says so on stdout.
TEST(Libcgroup, IsQuietWhereNoCgroupIsMounted) {
  PipeEnds out = make_pipe(false).value();
  (void)fflush(stdout);  // what waits there is not the child's
  pid_t pid = fork();
  if (pid == 0) {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        umount2("/sys/fs/cgroup", MNT_DETACH) != 0) {
      _exit(77);
    }
    dup2(out.write.get(), STDOUT_FILENO);
    CgroupPlaces places = find_cgroup_places();
    bool right = places.memory.empty() && places.kill.empty() &&
                 places.why_no_memory == "no memory controller is mounted";
    (void)fflush(stdout);
    _exit(right ? 0 : 1);
  }
  out.write.reset();
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "needs a mount namespace of its own";
  }
  EXPECT_EQ(status, 0);
  char text[256];
  EXPECT_EQ(read(out.read.get(), text, sizeof text), 0);
}

}  // namespace
}  // namespace faultrig
