// `observe: profile`: what test binaries write of themselves, kept, or told to
// be lost; and what is made of it.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/profile/pprof_file.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/command_folder.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string kOldest = "/usr/lib/go-1.19/bin/go";

std::string spends(const std::string& test, const std::string& more,
                   const std::string& kinds) {
  return go_test_of("spends", test, more) + "observe:\n  - profile: [" + kinds +
         "]\n";
}

// By its kind, why a profile was lost; empty: it was kept.
std::multimap<std::string, std::string> profiles(const Evidence& evidence) {
  std::multimap<std::string, std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::profile_kept) {
      EXPECT_GT(seen.number, 0) << "it covers some time";
      EXPECT_THAT(evidence.parts().files, Contains(Key(seen.path)));
      out.emplace(seen.action, "");
    } else if (seen.fact == Fact::profile_lost) {
      out.emplace(seen.action, seen.text);
    }
  }
  return out;
}

const std::string kSlow =
    "faults:\n  - syscall: {call: write, path: '*/journal', delay: 10ms}\n";
const std::string kAppend =
    "expect:\n  - profile: {of: mutex, in: spends.(*Journal).Append, share: "
    "{at_least: 80%}}\n";

TEST(Profiles, SayWhoKeptOthersWaiting) {
  std::string yaml = spends("TestWritesJournal", "", "mutex") + kSlow + kAppend;
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  ASSERT_THAT(told.evidence->parts().files, SizeIs(1));
  const auto& [path, bytes] = *told.evidence->parts().files.begin();
  EXPECT_EQ(path, "profiles/spends.test/mutex.pb.gz");
  auto profile = read_profile(bytes);
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->type, "delay");
}

TEST(Profiles, AreThoseOfTheOldestGoToo) {
  if (!std::filesystem::exists(kOldest)) {
    GTEST_SKIP() << "needs Go 1.19";
  }
  const std::string old = ", go: " + kOldest;
  std::string yaml =
      spends("TestWritesJournal", old, "cpu, heap, block, mutex") + kSlow +
      kAppend;
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(profiles(*told.evidence),
              UnorderedElementsAre(Pair("cpu", ""), Pair("heap", ""),
                                   Pair("block", ""), Pair("mutex", "")));
}

TEST(Profiles, AreKeptOfEachPackage) {
  std::string yaml =
      "workload:\n  go_test: {dir: " + fixtures_folder().string() +
      ", packages: [./spends, ./passes], run: "
      "^(TestLoads|TestPasses)$}\nobserve:\n  - profile: heap\n"
      "expect:\n  - go: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(told.evidence->parts().files,
              UnorderedElementsAre(
                  Pair("profiles/passes.test/heap.pb.gz", HasSubstr("\x1f")),
                  Pair("profiles/spends.test/heap.pb.gz", HasSubstr("\x1f"))));
}

TEST(Profiles, AreTakenWhereWeStartTheBinaryOurselves) {
  std::string yaml =
      spends("TestLoads", ", mode: binary, args: [a, -b]", "cpu, heap") +
      "expect:\n  - test: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  EXPECT_THAT(profiles(*Rig::run(yaml).evidence),
              ElementsAre(Pair("cpu", ""), Pair("heap", "")));
}

// Behind these a flag is the author's, and no flag of the testing package.
TEST(Profiles, ComeBeforeTheArgumentsOfTheAuthor) {
  std::string yaml = spends("TestLoads", ", args: [a, -b]", "heap") +
                     "expect:\n  - test: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  EXPECT_THAT(profiles(*Rig::run(yaml).evidence),
              ElementsAre(Pair("heap", "")));
}

struct Lost {
  std::string test;
  std::string more;
  std::string why;
};

TEST(Profiles, AreLostWithWhatEndsTheProcessBefore) {
  const std::string kill =
      "faults:\n  - syscall: {call: openat, path: '*/app.conf', signal: "
      "SIGKILL}\n";
  for (const Lost& one : {Lost{"TestExits", "", "os.Exit ends it"},
                          Lost{"TestPanics", "", "a panic, a fatal error"},
                          Lost{"TestLoads", kill, "SIGKILL ends it"}}) {
    std::string yaml = spends(one.test, "", "cpu, mutex") + one.more +
                       "expect:\n  - go: {exited: 1}\n";
    SKIP_IF_MISSING(yaml);
    Rig::Told told = Rig::run(yaml);
    EXPECT_THAT(profiles(*told.evidence),
                UnorderedElementsAre(Pair("cpu", HasSubstr(one.why)),
                                     Pair("mutex", HasSubstr(one.why))))
        << one.test << faultrig::told(told.judgement);
    EXPECT_THAT(told.evidence->parts().files, IsEmpty());
  }
}

// Whom we end ourselves.
TEST(Profiles, AreLostWithWhatHangs) {
  std::string yaml = go_test_of("locks_crosswise", "TestTransfersBothWays") +
                     "  deadline: 1500ms\n"
                     "observe:\n  - profile: cpu\n"
                     "expect:\n  - test: hung\n";
  SKIP_IF_MISSING(yaml);
  EXPECT_THAT(profiles(*Rig::run(yaml).evidence),
              ElementsAre(Pair("cpu", HasSubstr("a signal of ours ends it"))));
}

// The testing package writes them before it ends what runs into its timeout.
TEST(Profiles, OutliveTheTimeoutOfTheTestingPackage) {
  std::string yaml = go_test_of("locks_crosswise", "TestTransfersBothWays",
                                ", timeout: 500ms") +
                     "observe:\n  - profile: [cpu, block]\n"
                     "expect:\n  - go: {exited: 1}\n";
  SKIP_IF_MISSING(yaml);
  EXPECT_THAT(profiles(*Rig::run(yaml).evidence),
              ElementsAre(Pair("block", ""), Pair("cpu", "")));
}

class DrawnProfiles : public CommandFolder {
 protected:
  Outcome flame(const std::string& where) const {
    return sh("\"$faultrig\" flame " + where);
  }
};

// From a scenario to a picture, and what is no profile is said to be none.
TEST_F(DrawnProfiles, AreOfWhatARunHasKept) {
  std::string yaml = spends("TestWritesJournal", "", "mutex") + kSlow + kAppend;
  SKIP_IF_MISSING(yaml);
  write("slow.yaml", yaml);
  Outcome ran = sh("\"$faultrig\" run slow.yaml --evidence kept");
  ASSERT_EQ(ran.status.exit_code(), 0) << ran.out << ran.err;
  std::string kept = "kept/slow/profiles/spends.test/mutex";
  Outcome drawn = flame("kept");
  EXPECT_EQ(drawn.status.exit_code(), 0) << drawn.err;
  EXPECT_THAT(drawn.out, HasSubstr(kept + ".svg  delay: "));
  EXPECT_THAT(read(kept + ".svg"), HasSubstr("spends.(*Journal).Append: "));
  EXPECT_THAT(read(kept + ".folded"),
              HasSubstr(";faultrig.example/fixtures/spends.(*Journal).Append;"
                        "sync.(*Mutex).Unlock "));
  std::string whole = read(kept + ".pb.gz");
  write(kept + ".pb.gz", whole.substr(0, 99));
  Outcome cut = flame("kept");
  EXPECT_EQ(cut.status.exit_code(), 2);
  EXPECT_THAT(cut.err, HasSubstr("mutex.pb.gz: it is cut"));
  // Whose folder it is may have put a link where a picture goes.
  write(kept + ".pb.gz", whole);
  write("mine", "mine");
  std::filesystem::remove(folder() / (kept + ".svg"));
  std::filesystem::create_symlink(folder() / "mine",
                                  folder() / (kept + ".svg"));
  Outcome linked = flame("kept");
  EXPECT_EQ(linked.status.exit_code(), 2);
  EXPECT_THAT(linked.err, HasSubstr("mutex.svg is there, and no file"));
  EXPECT_EQ(read("mine"), "mine");
  std::filesystem::create_directory(folder() / "empty");
  Outcome none = flame("empty");
  EXPECT_EQ(none.status.exit_code(), 3);
  EXPECT_THAT(none.err, HasSubstr("no profile"));
}

}  // namespace
}  // namespace faultrig
