#include "harness/model/call_errors.h"

#include <cerrno>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/names.h"
#include "harness/model/syscalls.h"

namespace faultrig {
namespace {

TEST(CallErrors, AreOfCallsThatCanBeNamed) {
  std::set<std::string_view> seen;
  for (const CallErrors& row : swept_calls()) {
    EXPECT_NE(find_syscall(row.call), nullptr) << row.call;
    EXPECT_TRUE(seen.insert(row.call).second) << row.call;
    EXPECT_NE(row.errors.front(), 0) << row.call;
    for (int error : row.errors) {
      EXPECT_TRUE(error == 0 || errno_number(errno_name(error))) << row.call;
    }
  }
}

TEST(CallErrors, BeginWithWhatCostsData) {
  CallStake last = CallStake::data;
  for (const CallErrors& row : swept_calls()) {
    EXPECT_GE(row.stake, last) << row.call;
    last = row.stake;
  }
  EXPECT_EQ(swept_calls().front().call, "fsync");
}

TEST(CallErrors, LeaveCloseToThoseWhoAskForIt) {
  ASSERT_NE(errors_of_call("close"), nullptr);
  for (const CallErrors& row : swept_calls()) {
    EXPECT_FALSE(is_close(row.call));
  }
  EXPECT_EQ(errors_of_call("getpid"), nullptr);
}

TEST(CallErrors, AreInTheWordsOfGo) {
  EXPECT_EQ(error_words(EIO).front(), "input/output error");
  EXPECT_EQ(error_words(ENOSPC).front(), "no space left on device");
  EXPECT_EQ(error_words(EMFILE).front(), "too many open files");
}

}  // namespace
}  // namespace faultrig
