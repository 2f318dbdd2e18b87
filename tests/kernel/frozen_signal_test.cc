// Which thread of a frozen process gets a signal.
#include "harness/os/frozen_signal.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "harness/os/cgroup.h"
#include "harness/os/cgroup_freeze.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_processes.h"

namespace faultrig {
namespace {

constexpr int kFirst = 7;
constexpr int kOther = 8;

void end_by_thread(int) { _exit(gettid() == getpid() ? kFirst : kOther); }

// Threads that sleep, each for so long that it would take a signal at once.
[[noreturn]] void live(const Cgroup& group, int ready, bool blocked) {
  for (int join : group.join_fds()) {
    if (write(join, "0", 1) != 1) {
      _exit(99);
    }
  }
  (void)std::signal(SIGTERM, end_by_thread);
  std::array<std::thread, 4> others;
  for (std::thread& other : others) {
    other = std::thread([] {
      while (true) {
        usleep(1000);
      }
    });
  }
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGTERM);
  if (blocked) {
    pthread_sigmask(SIG_BLOCK, &mask, nullptr);
  }
  if (write(ready, "1", 1) != 1) {
    _exit(99);
  }
  while (true) {
    pause();
  }
}

class FrozenSignal : public ::testing::Test {
 protected:
  void SetUp() override {
    CgroupPlaces places = find_cgroup_places();
    auto made = Cgroup::make(places, owner_name() + ".frozen");
    ASSERT_TRUE(made) << made.error().what;
    group_ = std::move(made).value();
    CgroupFreeze freeze(group_, std::chrono::seconds(1));
    if (!freeze.holds()) {
      GTEST_SKIP() << "needs a cgroup to freeze";
    }
  }

  // How it ends that is sent a signal while it stands.
  int ended(bool blocked) {
    std::array<int, 2> ready{};
    EXPECT_EQ(pipe2(ready.data(), O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
      live(group_, ready[1], blocked);
    }
    close(ready[1]);
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    Fd pidfd = open_pidfd(pid).value();
    {
      CgroupFreeze freeze(group_, std::chrono::seconds(10));
      EXPECT_TRUE(freeze.holds());
      EXPECT_TRUE(signal_frozen(pid, pidfd.get(), SIGTERM).value());
    }
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_FALSE(signal_frozen(pid, pidfd.get(), SIGTERM).value());
    return WEXITSTATUS(status);
  }

  Cgroup group_;
};

// As kill(2) would have it of one that runs.
TEST_F(FrozenSignal, IsGivenToTheFirstThread) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(ended(false), kFirst) << i;
  }
}

TEST_F(FrozenSignal, IsGivenToAnotherThatDoesNotBlockIt) {
  EXPECT_EQ(ended(true), kOther);
}

}  // namespace
}  // namespace faultrig
