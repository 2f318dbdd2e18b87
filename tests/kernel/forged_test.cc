// Tests that set out to have faultrig believe what is not so. Each ends with 1
// and would have it be 0: that must never pass, and must be told.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

// A module whose test becomes the forger.
class Forged : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_scratch(owner_name() + ".forged").value();
    std::ofstream(folder_.path() / "go.mod")
        << "module forged.example\n\ngo 1.19\n";
    std::ofstream(folder_.path() / "forged_test.go") << R"(package forged

import (
	"os"
	"syscall"
	"testing"
)

func TestForges(t *testing.T) {
	program := os.Getenv("FIXTURE_FORGER")
	t.Log(syscall.Exec(program, []string{program}, os.Environ()))
}
)";
  }

  std::string scenario(const std::string& way, const std::string& rest) const {
    fs::path forger =
        fs::read_symlink("/proc/self/exe").parent_path() / "forger";
    return "workload:\n  go_test: {dir: " + folder_.path().string() +
           "}\n  env: {FORGE: " + way + ", FIXTURE_FORGER: " + forger.string() +
           "}\n  deadline: 60s\ngolden: false\n" + rest;
  }

  Rig::Told run(const std::string& way) const {
    return Rig::run(scenario(way, "expect:\n  - test: {exited: 0}\n"));
  }

  TempDir folder_;
};

// All of it: that faultrig was stopped meanwhile is told, too.
std::string lost(const Rig::Told& ran) {
  std::string out;
  for (const Observation& seen : ran.evidence->trace()) {
    if (seen.fact == Fact::supervision_lost) {
      out += seen.text + "\n";
    }
  }
  return out;
}

TEST_F(Forged, EndOfWhoConnectedAndWasGoneIsAnError) {
  Rig::Told ran = run("gone");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("gone before faultrig could look at it"));
}

TEST_F(Forged, EndOverAConnectionThatWasHandedOnIsAnError) {
  Rig::Told ran = run("handed");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("it is not the shim"));
}

TEST_F(Forged, WitnessThatATestStartsIsAnError) {
  Rig::Told ran = run("child");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("a test started it"));
}

TEST_F(Forged, WitnessBesideTheTestIsAnError) {
  Rig::Told ran = run("sibling");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("a test started it"));
}

TEST_F(Forged, OrphanAsAWitnessIsAnError) {
  Rig::Told ran = run("orphan");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("go did not start it"));
}

TEST_F(Forged, ConnectionThatSaysNothingIsAnError) {
  Rig::Told ran = run("knock");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
}

TEST_F(Forged, SocketInThePlaceOfOursIsAnError) {
  Rig::Told ran = run("replace");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("socket was replaced"));
}

TEST_F(Forged, SilenceOfAKilledWitnessIsAnError) {
  Rig::Told ran = run("kill");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("fell silent"));
}

TEST_F(Forged, EndOverTheWitnesssOwnConnectionIsAnError) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root: others cannot take a descriptor of it";
  }
  Rig::Told ran = run("steal");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("spoke over the connection of"));
}

TEST_F(Forged, TracerOfAWitnessIsAnError) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root: others cannot trace it";
  }
  Rig::Told ran = run("trace");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("traces the witness of"));
}

// The interpreter that runs the test tells that it took effect: only it may.
TEST_F(Forged, WordOfABrokenInterpreterIsAnError) {
  Rig::Told ran =
      Rig::run(scenario("announce",
                        "faults:\n  - interpreter: {broken: swallows_status}\n"
                        "expect:\n  - go: {exited: 0}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(lost(ran), HasSubstr("a test started it"));
}

}  // namespace
}  // namespace faultrig
