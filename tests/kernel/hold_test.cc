// What is held at its exec has run nothing, and loses nothing by it.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/wait_status.h"
#include "harness/os/launcher.h"
#include "harness/os/shim_hold.h"
#include "harness/os/shim_processes.h"
#include "harness/os/tried_in_child.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

class Hold : public ::testing::Test {
 protected:
  void SetUp() override {
    if (auto able = tried_in_child("hold a child", hold_at_exec); !able) {
      GTEST_SKIP() << able.error().what;
    }
    auto started = Launcher::start(find_shim().value());
    ASSERT_TRUE(started) << started.error().what;
    launcher_ = std::make_unique<Launcher>(std::move(started).value());
    out_ = make_pipe(true).value();
  }

  Result<StartedProcess> start(const std::string& script) {
    LaunchOrder order{
        {"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, {}, "", true};
    return launcher_->launch(order, {out_.write.get(), out_.write.get()},
                             patient());
  }

  void await_news() const {
    pollfd wait{launcher_->fd(), POLLIN, 0};
    poll(&wait, 1, 10000 * slowness());
  }

  int held() {
    for (;;) {
      await_news();
      EXPECT_FALSE(launcher_->next_end().value());
      if (auto held = launcher_->take_held(); !held.empty()) {
        return held.front();
      }
    }
  }

  Ended end() {
    for (;;) {
      await_news();
      auto ended = launcher_->next_end();
      if (ended && *ended) {
        return **ended;
      }
    }
  }

  std::string output() const {
    std::string text(65536, '\0');
    ssize_t got = read(out_.read.get(), text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
  }

  std::unique_ptr<Launcher> launcher_;
  PipeEnds out_;
};

TEST_F(Hold, ASignalComesBeforeTheFirstInstruction) {
  for (int i = 0; i < 50; ++i) {
    auto process = start("trap '' TERM; echo ran");
    ASSERT_TRUE(process) << process.error().what;
    EXPECT_EQ(held(), process->pid);
    EXPECT_THAT(command_of(process->pid), HasSubstr("trap"));
    ASSERT_TRUE(signal_pidfd(process->pidfd.get(), SIGTERM).value());
    ASSERT_TRUE(launcher_->let_go(process->pid));
    EXPECT_EQ(WaitStatus(end().status).text(), "killed by SIGTERM");
  }
  EXPECT_EQ(output(), "");
}

TEST_F(Hold, LeavesNothingBehindInTheProgram) {
  auto process = start("cat /proc/self/status /proc/$$/status");
  ASSERT_TRUE(process);
  ASSERT_TRUE(launcher_->let_go(held()));
  EXPECT_TRUE(WaitStatus(end().status).clean());
  std::string status = output();
  EXPECT_THAT(status, HasSubstr("TracerPid:\t0\n"));
  EXPECT_EQ(status.find("TracerPid:\t1"), std::string::npos);
  EXPECT_THAT(status, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("SigPnd:\t0000000000000000"));
}

TEST_F(Hold, WhoIsKilledMeanwhileIsToldAsKilled) {
  auto process = start("echo ran");
  ASSERT_TRUE(process);
  held();
  ASSERT_TRUE(signal_pidfd(process->pidfd.get(), SIGKILL).value());
  EXPECT_EQ(WaitStatus(end().status).text(), "killed by SIGKILL");
  EXPECT_TRUE(launcher_->let_go(process->pid));
  EXPECT_EQ(output(), "");
}

TEST_F(Hold, AnExecThatFailsIsToldAsBefore) {
  LaunchOrder order{{"/no/such/program"}, {}, {}, "", true};
  auto process =
      launcher_->launch(order, {out_.write.get(), out_.write.get()}, patient());
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().what, HasSubstr("exec /no/such/program"));
  EXPECT_EQ(process.error().os_errno, ENOENT);
}

// We hear of both late here: the first time was taken at the exec, the second
// when it was reaped.
TEST_F(Hold, TimesAreNotThoseAtWhichWeHear) {
  std::int64_t before = monotonic_ns();
  auto process = start("exit 3");
  ASSERT_TRUE(process);
  int pid = held();
  EXPECT_GT(process->exec_ns, before);
  EXPECT_LT(process->exec_ns, monotonic_ns());
  ASSERT_TRUE(launcher_->let_go(pid));
  ASSERT_TRUE(eventually([pid] { return !stat_of(pid); }));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  std::int64_t asked = monotonic_ns();
  Ended ended = end();
  EXPECT_GT(ended.at_ns, process->exec_ns);
  EXPECT_LT(ended.at_ns, asked);
}

// The same through all links, with calls watched from the very exec on.
class HeldStart : public ::testing::TestWithParam<const char*> {};

TEST_P(HeldStart, GetsItsSignalFirst) {
  SKIP_IF_MISSING(GetParam());
  for (int i = 0; i < 5; ++i) {
    Rig::Told ran = Rig::run(GetParam());
    EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  }
}

INSTANTIATE_TEST_SUITE_P(Links, HeldStart,
                         ::testing::Values(R"(
golden: false
workload: {command: [/bin/sh, -c, "trap '' TERM; echo ran"]}
faults:
  - signal: {send: SIGTERM}
expect:
  - command: {killed_by: SIGTERM}
  - output: {lacks: ran}
)",
                                           R"(
golden: false
workload: {command: [/bin/sh, -c, "trap '' TERM; echo ran"]}
faults:
  - signal: {send: SIGTERM}
expect:
  - command: {killed_by: SIGTERM}
  - calls: {call: [clone, clone3, vfork, execve], count: {at_most: 1}}
)",
                                           R"(
golden: false
workload:
  go_test: {dir: ../../go_fixtures, packages: ./sigterm_ignored}
faults:
  - signal: {send: SIGTERM}
expect:
  - test: {killed_by: SIGTERM}
  - go: {exited: 1}
)",
                                           R"(
golden: false
workload:
  go_test: {dir: ../../go_fixtures, packages: ./sigterm_ignored}
faults:
  - signal: {send: SIGTERM}
expect:
  - test: {killed_by: SIGTERM}
  - calls: {call: execve, count: {at_most: 1}}
  - calls: {call: openat, count: 0}
)"));

}  // namespace
}  // namespace faultrig
