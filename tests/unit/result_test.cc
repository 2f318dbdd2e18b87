#include "harness/base/result.h"

#include <cerrno>
#include <memory>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) {
    return usage_error("odd");
  }
  return number / 2;
}

Result<int> quarter(int number) {
  TRY_ASSIGN(int once, half(number));
  return half(once);
}

Result<> both(int first, int second) {
  TRY(half(first));
  TRY(half(second));
  return Ok{};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(half(4).value(), 2);
  ASSERT_FALSE(half(3));
  EXPECT_EQ(half(3).error().what, "odd");
  EXPECT_EQ(half(3).error().kind, ErrorKind::usage);
  EXPECT_EQ(half(3).value_or(7), 7);
}

TEST(Result, TryStopsAtTheFirstError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_FALSE(quarter(6));
  EXPECT_FALSE(quarter(7));
  EXPECT_TRUE(both(2, 4));
  EXPECT_FALSE(both(2, 3));
}

TEST(Result, HoldsWhatCanOnlyMove) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, SystemErrorsCarryTheKernelsWords) {
  Error error = system_error("write memory.max", EINVAL);
  EXPECT_EQ(error.what, "write memory.max: Invalid argument");
  EXPECT_EQ(error.kind, ErrorKind::system);
  EXPECT_EQ(error.os_errno, EINVAL);
}

TEST(Result, WhatThisUserMayNotDoIsUnsupported) {
  for (int number : {EPERM, EACCES, ENOSYS, EROFS}) {
    EXPECT_EQ(system_error("x", number).kind, ErrorKind::unsupported);
  }
}

TEST(Result, APrefixKeepsTheRest) {
  Error error = with_prefix("hoard", system_error("open", ENOENT));
  EXPECT_EQ(error.what, "hoard: open: No such file or directory");
  EXPECT_EQ(error.os_errno, ENOENT);
  EXPECT_EQ(error.kind, ErrorKind::system);
}

}  // namespace
}  // namespace faultrig
