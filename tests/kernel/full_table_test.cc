// Is EMFILE the answer where we say so, and another one where we do not? A
// child with a full table is looked at while it waits, and then makes the call.
#include "harness/os/full_table.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/fd.h"

namespace faultrig {
namespace {

constexpr int kAnswer = 64;  // the child's end of the pipe, above its limit
constexpr int kGo = 65;

std::uint64_t at(const void* address) {
  return reinterpret_cast<std::uint64_t>(address);
}

std::uint64_t as_argument(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

struct Try {
  std::string name;
  long number;
  std::vector<std::uint64_t> args;
};

// Leaves `spare` of sixteen numbers free, waits to be told, and makes the call.
[[noreturn]] void make_call(const Notification& made, int spare) {
  int last = 2;
  while (last < 15) {
    last = dup(STDIN_FILENO);
  }
  for (int i = 0; i < spare; ++i) {
    close(15 - i);
  }
  (void)set_descriptor_limit(getpid(), 16);
  int result = 0;
  (void)!write(kAnswer, &result, sizeof result);
  (void)!read(kGo, &result, sizeof result);
  const auto& args = made.args;
  errno = 0;
  syscall(made.call, args[0], args[1], args[2], args[3], args[4], args[5]);
  result = errno;
  (void)!write(kAnswer, &result, sizeof result);
  _exit(0);
}

struct Answer {
  bool foretold = false;
  int error = 0;
};

Answer ask(const Try& call, int spare) {
  Notification made{0, 0, static_cast<int>(call.number), 0, {}};
  std::copy(call.args.begin(), call.args.end(), std::begin(made.args));
  int answer[2];
  int go[2];
  EXPECT_EQ(pipe2(answer, O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(go, O_CLOEXEC), 0);
  int child = fork();
  if (child == 0) {
    dup2(answer[1], kAnswer);
    dup2(go[0], kGo);
    close_range(3, kAnswer - 1, 0);
    make_call(made, spare);
  }
  int word = 0;
  EXPECT_EQ(read(answer[0], &word, sizeof word), ssize_t{sizeof word});
  made.tid = child;
  Answer out;
  out.foretold = answer_is_emfile(call.name, made);
  EXPECT_EQ(write(go[1], &word, sizeof word), ssize_t{sizeof word});
  EXPECT_EQ(read(answer[0], &out.error, sizeof out.error),
            ssize_t{sizeof word});
  waitpid(child, nullptr, 0);
  for (int number : {answer[0], answer[1], go[0], go[1]}) {
    close(number);
  }
  return out;
}

constexpr const char* kPath = "/etc/hostname";
int pair[2];
const open_how kHow{O_RDONLY | O_CLOEXEC, 0, 0};

std::vector<Try> sound_calls() {
  std::uint64_t here = as_argument(AT_FDCWD);
  return {
      {"open", SYS_open, {at(kPath), O_RDONLY}},
      {"openat", SYS_openat, {here, at(kPath), O_RDONLY | O_CLOEXEC}},
      {"openat", SYS_openat, {here, at("/no/such/file"), O_RDONLY}},
      {"openat2", SYS_openat2, {here, at(kPath), at(&kHow), sizeof kHow}},
      {"creat", SYS_creat, {at("/no/such/file"), 0600}},
      {"dup", SYS_dup, {0}},
      {"socket", SYS_socket, {AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0}},
      {"socket", SYS_socket, {AF_UNIX, SOCK_SEQPACKET, 0}},
      {"socketpair", SYS_socketpair, {AF_UNIX, SOCK_STREAM, 0, at(pair)}},
      {"pipe", SYS_pipe, {at(pair)}},
      {"pipe2", SYS_pipe2, {at(pair), O_CLOEXEC}},
      {"eventfd", SYS_eventfd, {0}},
      {"eventfd2", SYS_eventfd2, {0, EFD_NONBLOCK}},
      {"epoll_create", SYS_epoll_create, {1}},
      {"epoll_create1", SYS_epoll_create1, {EPOLL_CLOEXEC}},
      {"inotify_init", SYS_inotify_init, {}},
      {"inotify_init1", SYS_inotify_init1, {IN_NONBLOCK}},
      {"memfd_create", SYS_memfd_create, {at("x"), MFD_CLOEXEC}},
      {"timerfd_create", SYS_timerfd_create, {CLOCK_MONOTONIC, TFD_CLOEXEC}},
  };
}

std::vector<Try> unsound_calls() {
  std::uint64_t here = as_argument(AT_FDCWD);
  return {
      {"openat", SYS_openat, {here, at(""), O_RDONLY}},
      {"openat", SYS_openat, {here, 8, O_RDONLY}},
      {"openat2", SYS_openat2, {here, at(kPath), at(&kHow), 3}},
      {"dup", SYS_dup, {999}},
      {"accept", SYS_accept, {999, 0, 0}},
      {"accept4", SYS_accept4, {999, 0, 0, SOCK_CLOEXEC}},
      {"socket", SYS_socket, {99, SOCK_STREAM, 0}},
      {"socket", SYS_socket, {AF_INET, SOCK_STREAM, 99}},
      {"socketpair", SYS_socketpair, {AF_UNIX, 1 << 20, 0, at(pair)}},
      {"pipe2", SYS_pipe2, {at(pair), 1}},
      {"eventfd2", SYS_eventfd2, {0, 1 << 20}},
      {"epoll_create", SYS_epoll_create, {0}},
      {"epoll_create1", SYS_epoll_create1, {1}},
      {"inotify_init1", SYS_inotify_init1, {1}},
      {"memfd_create", SYS_memfd_create, {at("x"), 1 << 20}},
      {"timerfd_create", SYS_timerfd_create, {99, 0}},
  };
}

TEST(FullTable, ForetellsTheKernelsEmfile) {
  for (const Try& call : sound_calls()) {
    Answer answer = ask(call, 0);
    EXPECT_EQ(answer.error, EMFILE) << call.name;
    EXPECT_TRUE(answer.foretold) << call.name;
  }
}

TEST(FullTable, TakesNoOtherRefusalForIt) {
  for (const Try& call : unsound_calls()) {
    Answer answer = ask(call, 0);
    EXPECT_NE(answer.error, EMFILE) << call.name;
    EXPECT_FALSE(answer.foretold) << call.name;
  }
}

TEST(FullTable, CountsTheNumbersThatACallNeeds) {
  for (const Try& call : sound_calls()) {
    bool two = call.name == "socketpair" || call.name.starts_with("pipe");
    EXPECT_EQ(ask(call, 1).foretold, two) << call.name;
    EXPECT_EQ(ask(call, 1).error == EMFILE, two) << call.name;
    EXPECT_FALSE(ask(call, 2).foretold) << call.name;
  }
}

TEST(FullTable, KnowsWhichProcessAThreadBelongsTo) {
  EXPECT_TRUE(has_thread(getpid(), gettid()));
  EXPECT_FALSE(has_thread(getppid(), gettid()));
}

}  // namespace
}  // namespace faultrig
