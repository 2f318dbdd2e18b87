// `observe: profile: perf`: samples that the kernel takes of a program, which
// are there however it ends.
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/profile/pprof_file.h"
#include "harness/report/flame.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kOldest = "/usr/lib/go-1.19/bin/go";
const std::string kPerf = "observe:\n  - profile: perf\n";

std::string loads(const std::string& more, const std::string& fault) {
  return go_test_of("spends", "TestLoads", more) + kPerf +
         "faults:\n  - syscall: {call: openat, path: '*/app.conf', error: EIO" +
         fault +
         "expect:\n  - profile: {of: perf, hottest: spends.pause}\n"
         "  - profile: {of: perf, in: spends.Load, share: {at_least: 50%}}\n";
}

const std::string kKill =
    ", optional: true}\n  - signal: {send: SIGKILL, when: {call: openat, path: "
    "'*/app.conf', nth: 8}}\n";

std::vector<std::string> facts(const Evidence& evidence, Fact fact) {
  std::vector<std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == fact) {
      out.push_back(describe(seen));
    }
  }
  return out;
}

TEST(PerfSamples, NameTheLoopOfATestThatIsKilled) {
  std::string yaml = loads("", kKill) + "  - test: {killed_by: SIGKILL}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  ASSERT_THAT(told.evidence->parts().files, SizeIs(1));
  const auto& [path, bytes] = *told.evidence->parts().files.begin();
  EXPECT_EQ(path, "profiles/spends.test/perf.pb.gz");
  auto profile = read_profile(bytes);
  ASSERT_TRUE(profile);
  // Stripped, as go test leaves it: the names are of Go's own table.
  EXPECT_THAT(folded_stacks(*profile),
              HasSubstr("testing.tRunner;faultrig.example/fixtures/spends."
                        "TestLoads;faultrig.example/fixtures/spends.Load;"
                        "faultrig.example/fixtures/spends.pause;"));
}

TEST(PerfSamples, AreOfOtherBuildsToo) {
  std::string yaml = loads(", flags: [-buildmode=pie]", "}\n");
  SKIP_IF_MISSING(yaml);
  Rig::run_to(Verdict::pass, yaml);
}

// The names in what was kept of perf, of this run of TestLoads.
std::string names_of(const std::string& more) {
  std::string yaml = go_test_of("spends", "TestLoads", more) + kPerf +
                     "faults:\n  - syscall: {call: openat, path: '*/app.conf', "
                     "error: EIO}\n"
                     "expect:\n  - test: {exited: 0}\n";
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  auto profile = read_profile(told.evidence->parts().files.begin()->second);
  return profile ? folded_stacks(*profile) : "";
}

// Much of its time such a build is in C, which keeps no frame pointers.
TEST(PerfSamples, NameWhatIsGoInABuildThatLooksForRaces) {
  SKIP_IF_MISSING(loads("", "}\n"));
  EXPECT_THAT(names_of(", flags: [-race]"), HasSubstr("spends.pause"));
}

// Its SHA-256 is in assembler that uses the frame pointer for itself: where it
// is, is named, and who called it is not.
TEST(PerfSamples, AreOfTheOldestGoToo) {
  if (access(kOldest.c_str(), X_OK) != 0) {
    GTEST_SKIP() << "needs Go 1.19";
  }
  SKIP_IF_MISSING(loads("", "}\n"));
  std::string names = names_of(", mode: binary, go: " + kOldest);
  EXPECT_THAT(names, HasSubstr("crypto/sha256.block"));
  EXPECT_THAT(names, HasSubstr("spends.Load"));
}

// The runtime finds all goroutines asleep with it as without it.
TEST(PerfSamples, DoNotHideADeadlock) {
  std::string yaml =
      go_test_of("deadlock", "TestChannels", ", mode: binary, timeout: 0s") +
      kPerf +
      "golden: false\n"
      "expect:\n  - goroutines: {deadlock: certain}\n  - test: {exited: 2}\n";
  SKIP_IF_MISSING(yaml);
  Rig::run_to(Verdict::pass, yaml);
}

// What is no Go program has the name that it was started by, and its children
// theirs.
TEST(PerfSamples, TellProgramsThatAreNoneOfGo) {
  std::string yaml =
      "workload:\n  command: [sh, -c, 'i=0; while [ $i -lt 200000 ]; do i=$((i "
      "+ 1)); done; awk \"BEGIN {while (i < 5000000) ++i}\"']\n" +
      kPerf + "expect:\n  - command: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  ASSERT_THAT(told.evidence->parts().files, SizeIs(1));
  auto profile = read_profile(told.evidence->parts().files.begin()->second);
  ASSERT_TRUE(profile);
  EXPECT_THAT(folded_stacks(*profile), HasSubstr("awk]"));
}

TEST(PerfSamples, AreAllThere) {
  std::string yaml = loads("", "}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(facts(*told.evidence, Fact::profile_lost), IsEmpty());
  for (const std::string& untold :
       facts(*told.evidence, Fact::profile_untold)) {
    EXPECT_THAT(untold, ::testing::Not(HasSubstr("no room")));
  }
}

}  // namespace
}  // namespace faultrig
