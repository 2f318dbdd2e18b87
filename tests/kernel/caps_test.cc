// Caps that the kernel counts: that the count is our cap's, and not that of a
// group above.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/cgroup_caps.h"
#include "harness/os/scratch.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

class CountedCaps : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = find_cgroup_places();
    if (!gives(places_, Controller::pids) || !gives(places_, Controller::cpu)) {
      GTEST_SKIP() << "needs writable pids and cpu cgroups";
    }
    auto made = Cgroup::make(places_, owner_name() + ".caps",
                             {Controller::pids, Controller::cpu});
    ASSERT_TRUE(made) << made.error().what;
    group_ = std::move(made).value();
  }

  void TearDown() override { group_ = Cgroup(); }

  // What `deed` gives in a child of ours in that group.
  static int in(const Cgroup& group, const std::function<int()>& deed) {
    pid_t child = fork();
    if (child == 0) {
      for (int join : group.join_fds()) {
        if (write(join, "0", 1) != 1) {
          _exit(100);
        }
      }
      _exit(deed());
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
  }

  // 0: it could; 1: it was refused.
  static int forks() {
    pid_t child = fork();
    if (child == 0) {
      _exit(0);
    }
    if (child > 0) {
      waitpid(child, nullptr, 0);
    }
    return child < 0 ? 1 : 0;
  }

  std::int64_t met(Controller controller) const {
    auto met = cap_met(group_, controller);
    EXPECT_TRUE(met) << met.error().what;
    return met ? met->times : -1;
  }

  CgroupPlaces places_;
  Cgroup group_;
};

TEST_F(CountedCaps, OfTasksAreCountedWhereTheyRefuse) {
  ASSERT_TRUE(set_cap(group_, Controller::pids, 2));
  EXPECT_EQ(in(group_, forks), 0);
  EXPECT_EQ(met(Controller::pids), 0);
  ASSERT_TRUE(set_cap(group_, Controller::pids, 1));
  EXPECT_EQ(in(group_, forks), 1);
  EXPECT_EQ(met(Controller::pids), 1);
  EXPECT_TRUE(reached_tasks(group_, 1));
  ASSERT_TRUE(set_cap(group_, Controller::pids, std::nullopt));
  EXPECT_EQ(in(group_, forks), 0);
}

// One above that others have used up refuses long before ours is met.
TEST_F(CountedCaps, OfAGroupAboveAreNotTakenForOurs) {
  ASSERT_TRUE(set_cap(group_, Controller::pids, 6));
  CgroupPlaces inside;
  for (const std::string& folder : group_.folders()) {
    if (access((folder + "/pids.max").c_str(), F_OK) == 0) {
      inside.pids = folder;
    }
  }
  if (places_.memory_v2) {
    GTEST_SKIP() << "needs cgroup v1: v2 counts its own cap alone";
  }
  auto inner =
      Cgroup::make(inside, owner_name() + ".inner", {Controller::pids});
  ASSERT_TRUE(inner) << inner.error().what;
  auto refused = set_cap(*inner, Controller::pids, 7);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("has a lower limit, 6"));
  ASSERT_TRUE(set_cap(*inner, Controller::pids, 5));
  // Four of the six are taken beside the inner group: it is refused its third.
  int code = in(group_, [&] {
    std::vector<pid_t> beside;
    for (int i = 0; i < 3; ++i) {
      beside.push_back(fork());
      if (beside.back() == 0) {
        pause();
      }
    }
    int refused_third = in(*inner, [] {
      pid_t second = fork();
      if (second == 0) {
        _exit(forks());
      }
      int status = 0;
      waitpid(second, &status, 0);
      return WEXITSTATUS(status);
    });
    for (pid_t one : beside) {
      kill(one, SIGKILL);
      waitpid(one, nullptr, 0);
    }
    return refused_third;
  });
  EXPECT_EQ(code, 1);
  EXPECT_FALSE(reached_tasks(*inner, 5));
}

TEST_F(CountedCaps, OfProcessorsAreCountedByThePeriod) {
  ASSERT_TRUE(set_cap(group_, Controller::cpu, 2000));
  // Until it was held back: on a busy machine it gets little of a period.
  EXPECT_EQ(in(group_,
               [this] {
                 using Clock = std::chrono::steady_clock;
                 const auto end = Clock::now() + std::chrono::seconds(60);
                 for (std::chrono::nanoseconds held{0}; held.count() == 0;) {
                   auto met = cap_met(group_, Controller::cpu);
                   if (!met || Clock::now() > end) {
                     return 1;
                   }
                   held = met->held;
                 }
                 return 0;
               }),
            0);
  auto met = cap_met(group_, Controller::cpu);
  ASSERT_TRUE(met) << met.error().what;
  EXPECT_GT(met->times, 0);
  EXPECT_GT(met->held.count(), 0);
}

// Pages that a process has just written to are the last thing to be given back:
// above the limit it waits, and is counted.
TEST_F(CountedCaps, OfMemoryAreCountedWhereItIsHeldBack) {
  if (!gives(places_, Controller::memory)) {
    auto refused = set_cap(group_, Controller::memory, 1 << 20);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("memory controller"));
    return;
  }
  constexpr std::size_t kSize = std::size_t{8} << 20;
  auto touches = [] {
    auto* block = static_cast<volatile char*>(malloc(kSize));
    for (std::size_t at = 0; at < kSize; at += 4096) {
      block[at] = 1;
    }
    return 0;
  };
  ASSERT_TRUE(set_cap(group_, Controller::memory, std::size_t{512} << 20));
  EXPECT_EQ(in(group_, touches), 0);
  EXPECT_EQ(met(Controller::memory), 0);
  // A part of a page is none.
  ASSERT_TRUE(set_cap(group_, Controller::memory, (7 << 20) + 1));
  EXPECT_EQ(in(group_, touches), 0);
  EXPECT_GT(met(Controller::memory), 0);
  ASSERT_TRUE(set_cap(group_, Controller::memory, std::nullopt));
}

}  // namespace
}  // namespace faultrig
