// The stderr of a process that was killed: a line comes there all the same.
#include "harness/os/kept_stderr.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include <gtest/gtest.h>

#include "harness/base/fd.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;

// Has a pipe of ours as its stderr, and waits.
class Owner {
 public:
  Owner() {
    pid_ = fork();
    if (pid_ == 0) {
      dup2(err_.write.get(), 2);
      (void)!write(2, "r", 1);
      err_.write.reset();
      pause();
      _exit(0);
    }
    err_.write.reset();
    char ready = 0;
    (void)!read(err_.read.get(), &ready, 1);
  }
  ~Owner() { end(); }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;

  int pid() const { return pid_; }
  void end() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(std::exchange(pid_, 0), nullptr, 0);
    }
  }
  // All until nobody holds it.
  std::string rest() const {
    std::string out;
    char byte = 0;
    while (read(err_.read.get(), &byte, 1) == 1) {
      out += byte;
    }
    return out;
  }

 private:
  PipeEnds err_ = make_pipe(false).value();
  int pid_ = 0;
};

TEST(KeptStderr, TakesALineWhenItsOwnerWasKilled) {
  Owner owner;
  {
    auto its = KeptStderr::of(owner.pid());
    ASSERT_TRUE(its);
    EXPECT_FALSE(its->owner_ended(milliseconds(0)));
    owner.end();
    EXPECT_TRUE(its->owner_ended(milliseconds(0)));
    EXPECT_TRUE(its->write("line\n"));
  }
  EXPECT_EQ(owner.rest(), "line\n");
}

TEST(KeptStderr, HoldsItNoLongerThanItIsTold) {
  Owner owner;
  auto its = KeptStderr::of(owner.pid());
  ASSERT_TRUE(its);
  its->let_go_behind(milliseconds(0));
  owner.end();
  its->let_go_behind(std::chrono::hours(1));
  EXPECT_TRUE(its->write("line\n"));
  its->let_go_behind(milliseconds(0));
  EXPECT_EQ(owner.rest(), "line\n");
  EXPECT_FALSE(its->write("more\n"));
}

TEST(KeptStderr, IsNoneOfAProcessThatIsNotThere) {
  Owner owner;
  int pid = owner.pid();
  owner.end();
  EXPECT_FALSE(KeptStderr::of(pid));
}

}  // namespace
}  // namespace faultrig
