#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/wait_status.h"
#include "harness/os/launcher.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

// Boost.Process 1.81 and our shim between them: each trap has its test.
class Launch : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Launcher::start(find_shim().value());
    ASSERT_TRUE(started) << started.error().what;
    launcher_ = std::make_unique<Launcher>(std::move(started).value());
    out_ = make_pipe(true).value();
  }

  void TearDown() override {
    int shim = launcher_->shim_pid();
    launcher_.reset();
    EXPECT_FALSE(stat_of(shim)) << "the shim outlived its launcher";
  }

  Result<StartedProcess> start(std::vector<std::string> argv,
                               std::vector<ChildStep> steps = {}) {
    LaunchOrder order{
        std::move(argv), {"PATH=/usr/bin:/bin"}, std::move(steps), ""};
    return launcher_->launch(order, {out_.write.get(), out_.write.get()},
                             patient());
  }

  WaitStatus end() {
    for (;;) {
      pollfd wait{launcher_->fd(), POLLIN, 0};
      poll(&wait, 1, 10000 * slowness());
      auto ended = launcher_->next_end();
      if (ended && *ended) {
        return WaitStatus((*ended)->status);
      }
    }
  }

  std::string output_of(const std::string& script) {
    EXPECT_TRUE(start({"/bin/sh", "-c", script}));
    end();
    std::string text(65536, '\0');
    ssize_t got = read(out_.read.get(), text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
  }

  std::unique_ptr<Launcher> launcher_;
  PipeEnds out_;
};

TEST_F(Launch, TellsAnExitCodeFromASignal) {
  ASSERT_TRUE(start({"/bin/sh", "-c", "exit 9"}));
  EXPECT_EQ(end().text(), "exited 9");
  ASSERT_TRUE(start({"/bin/sh", "-c", "kill -KILL $$"}));
  EXPECT_EQ(end().text(), "killed by SIGKILL");
}

TEST_F(Launch, NamesTheStepThatFailed) {
  auto missing = start({"/no/such/program"});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().what, HasSubstr("exec /no/such/program"));
  EXPECT_EQ(missing.error().os_errno, ENOENT);
  auto folder = start({"/bin/true"}, {EnterFolder{"/no/such/folder"}});
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().what, HasSubstr("enter the folder"));
}

TEST_F(Launch, LeavesNoZombieOfAFailedExec) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(start({"/no/such/program"}));
  }
  ASSERT_TRUE(start({"/bin/true"}));
  end();
  EXPECT_TRUE(
      eventually([this] { return !has_children(launcher_->shim_pid()); }));
}

TEST_F(Launch, GivesTheChildThreeDescriptors) {
  // ls has one open itself: the folder that it lists.
  EXPECT_EQ(output_of("ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST_F(Launch, KeepsInheritedDescriptorsFromTheChild) {
  // As a CI runner does: open, at the lowest free number, without O_CLOEXEC.
  int inherited = dup(STDIN_FILENO);
  auto again = Launcher::start(find_shim().value());
  close(inherited);
  ASSERT_TRUE(again);
  *launcher_ = std::move(again).value();
  EXPECT_EQ(output_of("ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST_F(Launch, GivesTheChildDefaultSignals) {
  signal(SIGINT, SIG_IGN);
  auto again = Launcher::start(find_shim().value());
  signal(SIGINT, SIG_DFL);
  ASSERT_TRUE(again);
  *launcher_ = std::move(again).value();
  std::string status = output_of("cat /proc/self/status");
  EXPECT_THAT(status, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST_F(Launch, SetsLimitsBeforeTheProgramStarts) {
  ASSERT_TRUE(start({"/bin/sh", "-c", "test $(ulimit -n) = 13"},
                    {SetRlimit{RLIMIT_NOFILE, 13, 13}}));
  EXPECT_EQ(end().text(), "exited 0");
}

TEST_F(Launch, KillsOrphansWhenTheLauncherEnds) {
  ASSERT_TRUE(
      start({"/bin/sh", "-c", "setsid sh -c 'echo $$; exec sleep 60' &"}));
  end();
  pollfd wait{out_.read.get(), POLLIN, 0};
  poll(&wait, 1, 10000 * slowness());
  char text[32] = {};
  ASSERT_GT(read(out_.read.get(), text, sizeof text - 1), 0);
  int orphan = std::atoi(text);
  ASSERT_TRUE(stat_of(orphan));
  auto again = Launcher::start(find_shim().value());
  *launcher_ = std::move(again).value();
  auto left = stat_of(orphan);  // a zombie until PID 1 has time for it
  EXPECT_TRUE(!left || left->state == 'Z');
}

// A program whose open(2) waits until we answer (fcntl(2), F_SETLEASE): so does
// execve(2) of it.
class LeasedProgram {
 public:
  LeasedProgram() {
    std::filesystem::copy_file("/bin/true", path_);
    held_ = Fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    fcntl(held_.get(), F_SETSIG, SIGWINCH);
    leased_ = fcntl(held_.get(), F_SETLEASE, F_WRLCK) == 0;
  }
  LeasedProgram(const LeasedProgram&) = delete;
  LeasedProgram& operator=(const LeasedProgram&) = delete;
  ~LeasedProgram() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }
  bool leased() const { return leased_; }

 private:
  std::string path_ = testing::TempDir() + "leased" + std::to_string(getpid());
  Fd held_;
  bool leased_ = false;
};

class StuckLaunch : public Launch {
 protected:
  Result<StartedProcess> start_stuck(LaunchPatience patience, bool hold) {
    LaunchOrder order{{program_.path()}, {}, {}, "", hold};
    return launcher_->launch(order, {out_.write.get(), out_.write.get()},
                             patience);
  }
  LeasedProgram program_;
};

TEST_F(StuckLaunch, IsGivenUpWhenItsTimeIsOver) {
  ASSERT_TRUE(program_.leased());
  auto started =
      start_stuck({std::chrono::milliseconds(1), [] { return false; }}, false);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().os_errno, ETIMEDOUT);
  EXPECT_THAT(started.error().what,
              HasSubstr("its exec had not returned after 1ms"));
  EXPECT_TRUE(launcher_->gone()) << "its next answer would be an old one";
}

TEST_F(StuckLaunch, IsGivenUpWhenAskedToStop) {
  ASSERT_TRUE(program_.leased());
  for (bool hold : {false, true}) {
    int asked = 0;
    auto started = start_stuck(
        {std::chrono::hours(1), [&asked] { return ++asked > 2; }}, hold);
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().what, "stopped");
    *launcher_ = Launcher::start(find_shim().value()).value();
  }
}

}  // namespace
}  // namespace faultrig
