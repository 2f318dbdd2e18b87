#include "harness/model/syscalls.h"

#include <sys/syscall.h>

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST(Syscalls, KnowsWhereTheArgumentsAre) {
  const Syscall* openat = find_syscall("openat");
  ASSERT_NE(openat, nullptr);
  EXPECT_EQ(openat->path_argument, 1);
  EXPECT_EQ(openat->dirfd_argument, 0);
  EXPECT_EQ(openat->fd_argument, -1);
  EXPECT_TRUE(openat->makes_fd);

  EXPECT_EQ(find_syscall("fsync")->fd_argument, 0);
  EXPECT_EQ(find_syscall("mmap")->fd_argument, 4);
  EXPECT_EQ(find_syscall("symlinkat")->path_argument, 2);
  EXPECT_TRUE(find_syscall("socket")->makes_fd);
  EXPECT_TRUE(find_syscall("connect")->network);
  EXPECT_EQ(find_syscall("connect")->fd_argument, 0);
  EXPECT_EQ(find_syscall("getpid")->fd_argument, -1);
}

TEST(Syscalls, KnowsNoCallThatIsNone) {
  EXPECT_EQ(find_syscall("opnat"), nullptr);
  EXPECT_EQ(find_syscall(""), nullptr);
  EXPECT_EQ(find_syscall("%file"), nullptr);
}

TEST(Syscalls, HasEveryNameOnce) {
  std::set<std::string_view> names;
  for (const Syscall& call : all_syscalls()) {
    EXPECT_TRUE(names.insert(call.name).second) << call.name;
  }
  EXPECT_GT(names.size(), 350U);
}

TEST(Syscalls, ArgumentsAreAmongTheSix) {
  for (const Syscall& call : all_syscalls()) {
    for (int index :
         {call.path_argument, call.dirfd_argument, call.fd_argument}) {
      EXPECT_GE(index, -1) << call.name;
      EXPECT_LE(index, 5) << call.name;
    }
    EXPECT_TRUE(call.dirfd_argument < 0 || call.path_argument >= 0)
        << call.name;
  }
}

TEST(Syscalls, ClassesHoldWhatTheySay) {
  auto file = expand_call("%file");
  EXPECT_TRUE(has(file, "openat"));
  EXPECT_TRUE(has(file, "execve"));
  EXPECT_FALSE(has(file, "read"));
  auto desc = expand_call("%desc");
  EXPECT_TRUE(has(desc, "read"));
  EXPECT_TRUE(has(desc, "openat"));
  EXPECT_TRUE(has(desc, "socket"));
  EXPECT_TRUE(has(desc, "unlinkat"));
  EXPECT_FALSE(has(desc, "getpid"));
  auto network = expand_call("%network");
  EXPECT_TRUE(has(network, "sendmsg"));
  EXPECT_FALSE(has(network, "write"));
}

TEST(Syscalls, ANameStandsForItself) {
  EXPECT_EQ(expand_call("fsync"), std::vector<std::string>{"fsync"});
  EXPECT_TRUE(expand_call("fsnc").empty());
  EXPECT_TRUE(expand_call("%all").empty());
  for (const std::string& group : call_classes()) {
    EXPECT_FALSE(expand_call(group).empty()) << group;
  }
}

}  // namespace
}  // namespace faultrig
