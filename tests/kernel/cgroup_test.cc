#include "harness/os/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "harness/os/cgroup_member.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

class CgroupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = find_cgroup_places();
    if (places_.memory.empty()) {
      GTEST_SKIP() << "needs a writable memory cgroup";
    }
    auto made = Cgroup::make(places_, owner_name() + ".test");
    ASSERT_TRUE(made) << made.error().what;
    group_ = std::move(made).value();
  }

  void TearDown() override {
    std::vector<std::string> folders = group_.folders();
    group_ = Cgroup();
    for (const std::string& folder : folders) {
      EXPECT_NE(access(folder.c_str(), F_OK), 0) << folder;
    }
  }

  // A child that joins, then does `deed`.
  template <typename Deed>
  pid_t start(Deed deed) {
    pid_t pid = fork();
    if (pid == 0) {
      for (int join : group_.join_fds()) {
        if (write(join, "0", 1) != 1) {
          _exit(99);
        }
      }
      deed();
      _exit(0);
    }
    return pid;
  }

  static int status_of(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
  }

  static void hoard(std::size_t bytes) {
    volatile char* memory = static_cast<char*>(std::malloc(bytes));
    for (std::size_t at = 0; at < bytes; at += 4096) {
      memory[at] = 1;
    }
  }

  CgroupPlaces places_;
  Cgroup group_;
};

// On v1 the kernel shows it in the root group from then on.
TEST_F(CgroupTest, KeepsAMemberThatIsOnItsWayOut) {
  constexpr std::size_t kMuch = 512U << 20;
  int looks = 0;
  // On one processor it may be through with it before we look.
  for (int tries = 0; tries < 5 && looks == 0; ++tries) {
    auto ready = make_pipe(false);
    ASSERT_TRUE(ready);
    pid_t pid = start([&] {
      std::vector<char> much(kMuch, 'x');
      (void)!write(ready->write.get(), much.data(), 1);
      pause();
    });
    char byte = 0;
    ASSERT_EQ(read(ready->read.get(), &byte, 1), 1);
    kill(pid, SIGKILL);
    for (auto stat = stat_of(pid); stat && stat->state != 'Z';
         stat = stat_of(pid)) {
      EXPECT_TRUE(is_member(pid, group_.name())) << "look " << looks;
      looks += stat->exiting ? 1 : 0;
    }
    EXPECT_TRUE(WIFSIGNALED(status_of(pid)));
  }
  EXPECT_GT(looks, 0);
}

TEST_F(CgroupTest, CountsTheProcessThatTheKernelKilled) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  EXPECT_EQ(group_.oom_kills().value(), 0);
  EXPECT_EQ(status_of(start([] { hoard(100 << 20); })), SIGKILL);
  EXPECT_EQ(group_.oom_kills().value(), 1);
  EXPECT_GE(group_.peak().value_or(Bytes{}), Bytes{8 << 20});
}

TEST_F(CgroupTest, CountsNothingForAKill) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  EXPECT_EQ(status_of(start([] { raise(SIGKILL); })), SIGKILL);
  EXPECT_EQ(group_.oom_kills().value(), 0);
}

TEST_F(CgroupTest, IsNotUsedAgainOnceItHasCounted) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  EXPECT_EQ(status_of(start([] { hoard(100 << 20); })), SIGKILL);
  EXPECT_FALSE(group_.reset());
}

TEST_F(CgroupTest, LosesItsLimitWhenUsedAgain) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  if (!group_.reset()) {
    GTEST_SKIP() << "needs cgroup v1: on v2 groups are not used again";
  }
  EXPECT_EQ(status_of(start([] { hoard(50 << 20); })), 0);
}

// Who kills the rest is told, and the kernel's own count with it.
TEST_F(CgroupTest, KillsAllOfAGroupForOneThatHoards) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, true));
  pid_t pid = start([] {
    if (fork() == 0) {
      hoard(100 << 20);
    }
    pause();
  });
  EXPECT_TRUE(eventually([&] { return group_.oom_kills().value() > 0; }));
  if (group_.kernel_kills_groups()) {
    EXPECT_EQ(status_of(pid), SIGKILL);
    EXPECT_EQ(group_.oom_group_kills().value(), 1);
    // The kernel may count the first one twice.
    EXPECT_GE(group_.oom_kills().value(), 2);
    return;
  }
  EXPECT_EQ(group_.oom_group_kills().value(), 0);
  EXPECT_EQ(group_.oom_kills().value(), 1);
  EXPECT_EQ(waitpid(pid, nullptr, WNOHANG), 0) << "v1 leaves the rest to us";
  EXPECT_TRUE(group_.kill());
  EXPECT_EQ(status_of(pid), SIGKILL);
}

TEST_F(CgroupTest, KillsOnlyTheOneThatHoardsOtherwise) {
  ASSERT_TRUE(group_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  pid_t pid = start([] {
    pid_t child = fork();
    if (child == 0) {
      hoard(100 << 20);
      _exit(0);
    }
    _exit(status_of(child) == SIGKILL ? 7 : 8);
  });
  EXPECT_EQ(WEXITSTATUS(status_of(pid)), 7);
  EXPECT_EQ(group_.oom_group_kills().value(), 0);
}

TEST_F(CgroupTest, KillsWholeTreesThatForkAndHide) {
  pid_t pid = start([] {
    for (int i = 0; i < 20; ++i) {
      if (fork() == 0) {
        setsid();
        signal(SIGTERM, SIG_IGN);
        pause();
      }
    }
    pause();
  });
  ASSERT_TRUE(eventually([&] { return group_.members().size() == 21; }));
  EXPECT_TRUE(group_.kill());
  EXPECT_TRUE(group_.members().empty());
  EXPECT_EQ(status_of(pid), SIGKILL);
}

// Each lives just long enough to have a child: whoever lists and then signals
// comes too late.
TEST_F(CgroupTest, KillsWhatForksFasterThanItIsListed) {
  pid_t pid = start([] {
    while (fork() == 0) {
    }
  });
  EXPECT_EQ(status_of(pid), 0);
  EXPECT_TRUE(group_.kill());
  EXPECT_TRUE(group_.members().empty());
}

TEST_F(CgroupTest, KillsWhatHidesInAGroupBelow) {
  std::string below = group_.folders().back() + "/below";
  ASSERT_EQ(mkdir(below.c_str(), 0755), 0);
  pid_t pid = start([] { pause(); });
  ASSERT_TRUE(
      write_file(AT_FDCWD, below + "/cgroup.procs", std::to_string(pid)));
  EXPECT_TRUE(group_.kill());
  EXPECT_EQ(status_of(pid), SIGKILL);
}

TEST_F(CgroupTest, TellsOnV2WhenItIsEmpty) {
  pid_t pid = start([] { pause(); });
  ASSERT_TRUE(eventually([&] { return group_.members().size() == 1; }));
  auto event = group_.population_event();
  if (!group_.kernel_kills_groups()) {
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().kind, ErrorKind::unsupported);
    EXPECT_TRUE(group_.kill());
    status_of(pid);
    return;
  }
  Cgroup::rearm_event(event->get());
  pollfd wait{event->get(), POLLPRI, 0};
  EXPECT_EQ(poll(&wait, 1, 0), 0);
  kill(pid, SIGKILL);
  EXPECT_EQ(poll(&wait, 1, 10'000 * slowness()), 1);
  EXPECT_TRUE(group_.members().empty());
  status_of(pid);
}

TEST(Leftovers, AreOursOnlyWhenTheirOwnerIsDead) {
  std::string name = owner_name();
  EXPECT_FALSE(is_stale(name));
  EXPECT_FALSE(is_stale("faultrig-1-1"));
  EXPECT_FALSE(is_stale("somebody-else"));
  pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  std::size_t second = name.find('-', 9);
  std::string dead = name.substr(0, second + 1) + std::to_string(pid) + "-1t0";
  EXPECT_TRUE(is_stale(dead)) << dead;
  EXPECT_TRUE(is_stale(dead + ".3")) << dead;
  EXPECT_FALSE(is_stale(dead.substr(0, dead.size() - 2))) << "no clock";
}

// Started before boot, by our clock: that is what it looks like from another
// time namespace, and no reason to take its folder away.
TEST(Leftovers, AreNotTakenFromTheLivingOfAnotherTimeNamespace) {
  std::string name = owner_name();
  std::size_t start = name.rfind('-') + 1;
  std::string clock = name.substr(name.rfind('t'));
  EXPECT_TRUE(is_stale(name.substr(0, start) + "1" + clock));
  EXPECT_FALSE(is_stale(name.substr(0, start) + "1t1"));
}

}  // namespace
}  // namespace faultrig
