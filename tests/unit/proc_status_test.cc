#include "harness/os/proc_status.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(ProcStatus, HasANumberBehindAName) {
  const std::string status =
      "Name:\tSigBlk:\t7\nTracerPid:\t12\nSigBlk:\t0000000000014000\n"
      "VmPeak:\t    44 kB\n";
  EXPECT_EQ(number_in_status(status, "TracerPid"), 12U);
  EXPECT_EQ(number_in_status(status, "SigBlk", 16), 0x14000U);
  for (const char* none : {"Pid", "SigCgt", "VmPeak", "Name"}) {
    EXPECT_EQ(number_in_status(status, none), std::nullopt) << none;
  }
  EXPECT_EQ(number_in_status("", "TracerPid"), std::nullopt);
}

}  // namespace
}  // namespace faultrig
