// A limit that did not take effect is an error before anything starts, and a
// group that could not be limited is removed all the same.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/cgroup.h"
#include "harness/os/scratch.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

class Limits : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = find_cgroup_places();
    if (places_.memory.empty()) {
      GTEST_SKIP() << "needs a writable memory cgroup";
    }
    outer_ = make_in(places_, ".outer");
  }

  void TearDown() override {
    std::vector<std::string> folders = inner_.folders();
    inner_ = Cgroup();
    for (const std::string& folder : outer_.folders()) {
      folders.push_back(folder);
    }
    outer_ = Cgroup();
    for (const std::string& folder : folders) {
      EXPECT_NE(access(folder.c_str(), F_OK), 0) << folder;
    }
  }

  static Cgroup make_in(const CgroupPlaces& places, const char* end) {
    auto made = Cgroup::make(places, owner_name() + end);
    EXPECT_TRUE(made) << made.error().what;
    return made ? std::move(made).value() : Cgroup();
  }

  // A group inside the outer one, with or without the controller.
  void make_inner(bool controller) {
    CgroupPlaces inside;
    inside.memory_v2 = places_.memory_v2;
    inside.memory = outer_.folders().front();
    if (places_.memory_v2 && controller) {
      ASSERT_TRUE(write_file(
          AT_FDCWD, inside.memory + "/cgroup.subtree_control", "+memory"));
    }
    if (!places_.memory_v2 && !controller) {
      inside.memory = outer_.folders().back();  // of another hierarchy
    }
    inner_ = make_in(inside, ".inner");
  }

  CgroupPlaces places_;
  Cgroup outer_;
  Cgroup inner_;
};

TEST_F(Limits, BelowALowerOneAreRefused) {
  ASSERT_TRUE(outer_.limit_memory(Bytes{32 << 20}, Bytes{0}, false));
  make_inner(true);
  auto refused = inner_.limit_memory(Bytes{64 << 20}, Bytes{0}, false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("has a lower limit, 32MiB"));
  EXPECT_TRUE(inner_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
}

std::string content(const std::string& path) {
  return read_file(AT_FDCWD, path).value_or("");
}

// A program that asks its own group for its memory would find no limit there.
TEST_F(Limits, FromAboveShowInAGroupItself) {
  ASSERT_TRUE(outer_.limit_memory(Bytes{64 << 20}, Bytes{0}, false));
  make_inner(true);
  std::string file =
      inner_.folders().front() +
      (places_.memory_v2 ? "/memory.max" : "/memory.limit_in_bytes");
  EXPECT_EQ(content(file), "67108864\n");
  ASSERT_TRUE(inner_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  EXPECT_EQ(content(file), "16777216\n");
  ASSERT_TRUE(inner_.lift_memory_limit());
  EXPECT_EQ(content(file), "67108864\n");
}

TEST_F(Limits, WithoutAControllerAreRefused) {
  make_inner(false);
  auto refused = inner_.limit_memory(Bytes{64 << 20}, Bytes{0}, false);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("find a memory controller"));
}

TEST_F(Limits, ThatReadBackDifferentlyAreRefused) {
  auto refused =
      outer_.limit_memory(Bytes{0xffffffffffff0000ULL}, Bytes{0}, false);
  ASSERT_FALSE(refused);
}

TEST_F(Limits, AreRoundedToWholePagesAsTheKernelDoes) {
  EXPECT_TRUE(outer_.limit_memory(Bytes{(16 << 20) + 5}, Bytes{0}, false));
}

TEST_F(Limits, KeepSwapOut) {
  ASSERT_TRUE(outer_.limit_memory(Bytes{16 << 20}, Bytes{0}, false));
  const std::string folder = outer_.folders().front();
  const char* file =
      places_.memory_v2 ? "/memory.swap.max" : "/memory.memsw.limit_in_bytes";
  auto taken = read_file(AT_FDCWD, folder + file);
  if (!taken) {  // a kernel that knows no swap has no such file
    EXPECT_NE(access("/proc/swaps", F_OK), 0) << taken.error().what;
    return;
  }
  EXPECT_EQ(*taken, places_.memory_v2 ? "0\n" : "16777216\n");
}

// The golden run, which has no cap, would have used all that is there, and the
// kernel might have chosen faultrig, the largest of all.
TEST_F(Limits, AboveWhatThereIsAreRefusedBeforeAnythingStarts) {
  ASSERT_TRUE(outer_.limit_memory(Bytes{48 << 20}, Bytes{0}, false));
  WitnessRig rig;
  for (const char* when : {"", ", when: {output: never}"}) {
    std::ofstream(rig.folder() / "a.yaml")
        << "workload: {command: [touch, started]}\nfaults:\n"
        << "  - memory: {max: 64MiB" << when << "}\n"
        << "expect:\n  - oom: {kills: 1}\n";
    Outcome told =
        Program(
            {"/bin/sh", "-c",
             "echo $$ >" + outer_.folders().front() + "/cgroup.procs && exec " +
                 shell_quote(faultrig_program()) + " run a.yaml"},
            rig.folder())
            .end();
    EXPECT_EQ(told.status.text(), "exited 3") << told.out << told.err;
    EXPECT_THAT(told.out, HasSubstr("0 passed, 1 error")) << told.err;
    EXPECT_FALSE(exists(rig.folder() / "started")) << when;
  }
}

}  // namespace
}  // namespace faultrig
