// Short calls on real descriptors of this process.
#include "harness/os/short_move.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

struct Pair {
  Fd one;
  Fd other;
};

Pair sockets(int type) {
  int fds[2] = {-1, -1};
  EXPECT_EQ(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds), 0);
  return {Fd(fds[0]), Fd(fds[1])};
}

ShortMove reading(std::size_t size, int flags = 0) {
  return {false, std::string(size, '\0'), std::nullopt, flags};
}
ShortMove writing(const std::string& bytes, int flags = 0) {
  return {true, bytes, std::nullopt, flags};
}

std::optional<Moved> moved(const Fd& fd, const ShortMove& move) {
  return move_less(gettid(), fd, move);
}

TEST(ShortMove, LeavesWhatItPeeksAt) {
  Pair pair = sockets(SOCK_STREAM);
  ASSERT_EQ(write(pair.one.get(), "abcdefgh", 8), 8);
  auto peeked = moved(pair.other, reading(3, MSG_PEEK));
  ASSERT_TRUE(peeked);
  EXPECT_EQ(peeked->bytes, "abc");
  EXPECT_TRUE(peeked->cut);
  auto taken = moved(pair.other, reading(5));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->bytes, "abcde");
  EXPECT_TRUE(taken->cut);
}

// Nobody could tell it from what would have come anyway.
TEST(ShortMove, IsNoneWhereNoMoreWasThere) {
  Pair pair = sockets(SOCK_STREAM);
  ASSERT_EQ(write(pair.one.get(), "abc", 3), 3);
  auto all = moved(pair.other, reading(3));
  ASSERT_TRUE(all);
  EXPECT_EQ(all->bytes, "abc");
  EXPECT_FALSE(all->cut);
  EXPECT_FALSE(moved(pair.other, reading(3)));  // would wait
}

TEST(ShortMove, CutsNoDatagram) {
  for (int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    Pair pair = sockets(type);
    ASSERT_EQ(write(pair.one.get(), "abcdefgh", 8), 8);
    EXPECT_FALSE(moved(pair.other, reading(3)));
    EXPECT_FALSE(moved(pair.one, writing("abc")));
    char buffer[16];
    EXPECT_EQ(read(pair.other.get(), buffer, sizeof buffer), 8);
  }
}

TEST(ShortMove, TellsTheSenderAsTheKernelDoes) {
  Pair pair = sockets(SOCK_STREAM);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;  // autobind (unix(7))
  ASSERT_EQ(bind(pair.one.get(), reinterpret_cast<sockaddr*>(&name),
                 sizeof(sa_family_t)),
            0);
  sockaddr_storage sender{};
  socklen_t size = sizeof sender;
  ASSERT_EQ(write(pair.one.get(), "abcdef", 6), 6);
  char byte = 0;
  ASSERT_EQ(recvfrom(pair.other.get(), &byte, 1, MSG_PEEK,
                     reinterpret_cast<sockaddr*>(&sender), &size),
            1);
  auto got = moved(pair.other, reading(2));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->address_size, size);
  EXPECT_EQ(got->address, std::string(reinterpret_cast<char*>(&sender), size));
}

TEST(ShortMove, HandsOnWhatASocketHadToTell) {
  Pair pair = sockets(SOCK_STREAM);
  ASSERT_EQ(write(pair.other.get(), "x", 1), 1);
  pair.one.reset();  // with something unread: ECONNRESET
  auto told = moved(pair.other, reading(2));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->result, -ECONNRESET);
}

// Not every file system has O_TMPFILE (open(2)).
Fd unnamed_file() {
  std::string name = "/tmp/short_move." + std::to_string(getpid());
  Fd file = open_file(AT_FDCWD, name, O_CREAT | O_EXCL | O_RDWR, 0600).value();
  unlink(name.c_str());
  return file;
}

TEST(ShortMove, MovesTheSharedPositionOfAFile) {
  Fd file = unnamed_file();
  auto put = moved(file, writing("abcd"));
  ASSERT_TRUE(put);
  EXPECT_TRUE(put->cut);
  EXPECT_EQ(lseek(file.get(), 0, SEEK_CUR), 4);
  ShortMove at = reading(2);
  at.offset = 1;
  auto got = moved(file, at);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->bytes, "bc");
  EXPECT_TRUE(got->cut);
  at.offset = 2;
  EXPECT_FALSE(moved(file, at)->cut);  // the end
  EXPECT_EQ(lseek(file.get(), 0, SEEK_CUR), 4);
}

// signalfd(2) would give our signals, cgroup.procs would move us.
TEST(ShortMove, TouchesNothingThatAsksWhoComes) {
  sigset_t none;
  sigemptyset(&none);
  Fd signals(signalfd(-1, &none, SFD_NONBLOCK | SFD_CLOEXEC));
  EXPECT_FALSE(moved(signals, reading(8)));
  Fd counter(eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC));
  EXPECT_FALSE(moved(counter, reading(8)));
  Fd knob = open_file(AT_FDCWD, "/proc/self/oom_score_adj", O_RDONLY).value();
  EXPECT_FALSE(moved(knob, reading(1)));
}

TEST(ShortMove, LeavesAFileAtItsLimitToItsWriter) {
  Fd file = unnamed_file();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit low{1, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &low), 0);
  auto put = moved(file, writing("abcd"));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_FALSE(put);
}

}  // namespace
}  // namespace faultrig
