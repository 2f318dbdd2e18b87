// `observe: timeline`: execution traces of the oldest and the newest Go, kept,
// cut or lost, and what is made of them; and their reader, given any bytes.
#include "harness/model/timeline.h"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/timeline/timeline_lines.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/command_folder.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::string kOldest = "/usr/lib/go-1.19/bin/go";

std::string marks(const std::string& test, const std::string& more = "") {
  return go_test_of("marks", test, more) +
         "observe:\n  - timeline: {period: 100ms}\n";
}

const std::string kSlow =
    "faults:\n  - syscall: {call: write, path: '*/orders', delay: 20ms}\n";
const std::string kBlocked =
    "expect:\n"
    "  - timeline: {blocked: sync, in: marks.(*Book).Record, longest: "
    "{at_least: 10ms}}\n"
    "  - timeline: {order: [begin, commit]}\n";

std::vector<std::string> waits_of(const Evidence& evidence) {
  std::vector<std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::waited) {
      out.push_back(describe(seen));
    }
  }
  return out;
}

TEST(Timelines, SayWhereGoroutinesWaitedAndForWhom) {
  std::string yaml = marks("TestPlacesOrders") + kSlow + kBlocked;
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  const Evidence& evidence = *told.evidence;
  EXPECT_THAT(
      evidence.parts().files,
      UnorderedElementsAre(
          testing::Pair("timelines/marks.test/trace.out", HasSubstr("go 1.")),
          testing::Pair("timelines/marks.test/timeline.json",
                        HasSubstr("marks.(*Book).Record"))));
  Observation kept = first_of(evidence, Fact::trace_kept);
  EXPECT_GT(kept.number, 0);
  ASSERT_EQ(kept.names.size(), kTraceNames);
  EXPECT_EQ(kept.names[kTraceCut], "");
  EXPECT_THAT(waits_of(evidence),
              Contains(AllOf(HasSubstr("[sync] in marks.(*Book).Record"),
                             HasSubstr("woken in "))));
}

TEST(Timelines, AreThoseOfTheOldestGoToo) {
  if (!std::filesystem::exists(kOldest)) {
    GTEST_SKIP() << "needs Go 1.19";
  }
  std::string yaml =
      marks("TestPlacesOrders", ", go: " + kOldest) + kSlow + kBlocked;
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_EQ(first_of(*told.evidence, Fact::trace_kept).names.at(kTraceForm),
            "19");
}

TEST(Timelines, AreTakenWhereWeStartTheBinaryOurselves) {
  std::string yaml =
      marks("TestPlacesOrders", ", mode: binary, args: [a, -b]") + kSlow +
      kBlocked;
  SKIP_IF_MISSING(yaml);
  (void)Rig::run_to(Verdict::pass, yaml);
}

// What was not begun is committed, and the test passes.
TEST(Timelines, ProveThatAnOrderIsBroken) {
  std::string yaml = marks("TestPlacesAnyway") +
                     "faults:\n  - syscall: {call: write, path: '*/orders', "
                     "nth: 1, error: EIO}\n"
                     "expect:\n  - timeline: {order: [begin, commit]}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::fail, yaml);
  EXPECT_THAT(faultrig::told(told.judgement),
              HasSubstr("'commit' came without 'begin' before it"));
}

std::string killed(const std::string& more) {
  return marks("TestPlacesMany", more) +
         "faults:\n  - syscall: {call: openat, path: '*/stop', signal: "
         "SIGKILL}\n"
         "expect:\n  - timeline: {blocked: sleep, in: marks.placeMany, count: "
         "{at_least: 20}}\n";
}

TEST(Timelines, OutliveAKillButForTheirLastPart) {
  std::string yaml = killed("") +
                     "  - timeline: {blocked: sleep, count: 300}\n"
                     "  - timeline: {order: [begin, commit]}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  Observation kept = first_of(*told.evidence, Fact::trace_kept);
  EXPECT_THAT(kept.names.at(kTraceCut),
              AllOf(HasSubstr("SIGKILL ends it, "),
                    HasSubstr(" behind the last part of it")));
  EXPECT_GT(kept.number, 100'000'000);
  std::string because = faultrig::told(told.judgement);
  EXPECT_THAT(because, HasSubstr("so far in this order, and not all is seen"));
  EXPECT_THAT(because, HasSubstr("where 300 was expected"));
}

TEST(Timelines, AreLostWithAKillWhereGoIsOld) {
  if (!std::filesystem::exists(kOldest)) {
    GTEST_SKIP() << "needs Go 1.19";
  }
  std::string yaml = killed(", go: " + kOldest);
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_EQ(first_of(*told.evidence, Fact::trace_lost).text,
            "SIGKILL ends it before a part of the trace is written");
  EXPECT_THAT(told.evidence->parts().files, IsEmpty());
}

TEST(Timelines, AreLostWithWhatExitsAtOnce) {
  std::string yaml =
      marks("TestExitsAtOnce") + "expect:\n  - timeline: {blocked: any}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_EQ(first_of(*told.evidence, Fact::trace_lost).text,
            "os.Exit ends it before a part of the trace is written");
}

TEST(Timelines, TellOfGarbageCollection) {
  std::string yaml = marks("TestCollects") +
                     "expect:\n"
                     "  - timeline: {gc: cycle, count: {at_least: 3}}\n"
                     "  - timeline: {gc: pause, count: {at_least: 6}, longest: "
                     "{at_most: 60s}}\n";
  SKIP_IF_MISSING(yaml);
  (void)Rig::run_to(Verdict::pass, yaml);
}

// The reader, a program of its own.
class TraceReader : public CommandFolder {
 protected:
  std::string reader() const {
    return (std::filesystem::path(faultrig_program()).parent_path() /
            "faultrig-timeline")
        .string();
  }
  // What it prints of a file with these bytes.
  Outcome read_bytes(const std::string& bytes) {
    write("trace.out", bytes);
    return Program({reader(), (folder() / "trace.out").string()}, folder())
        .end();
  }
  // A real trace, of a test of `marks`.
  std::string real() {
    return sh("cd " + shell_quote(fixtures_folder().string()) +
              " && go test -count=1 -run '^TestPlacesOrders$' -trace " +
              shell_quote((folder() / "real.out").string()) + " -o " +
              shell_quote((folder() / "marks.test").string()) +
              " ./marks >/dev/null && cat " +
              shell_quote((folder() / "real.out").string()))
        .out;
  }
};

TEST_F(TraceReader, SaysOfAnyBytesWhatItCanRead) {
  if (!std::filesystem::exists(reader())) {
    GTEST_SKIP() << "needs " << kNeedsTraceReader;
  }
  std::string good = real();
  Outcome whole = read_bytes(good);
  auto read = read_timeline(whole.out);
  ASSERT_TRUE(read) << whole.err;
  EXPECT_EQ(read->cut, "");
  EXPECT_FALSE(read->steps.empty());
  std::vector<std::string> bad{"",
                               "go 1.26 trace",
                               std::string("go 1.99 trace\0\0\0", 16),
                               std::string("go 1.26 trace\0\0\0", 16),
                               std::string(100'000, '\xff'),
                               good.substr(0, good.size() / 2)};
  std::mt19937 random(1);  // NOLINT: the same bytes each time
  for (int i = 0; i < 40; ++i) {
    std::string other = good;
    for (int j = 0; j < 1 + i / 4; ++j) {
      other[16 + random() % (other.size() - 16)] = static_cast<char>(random());
    }
    bad.push_back(std::move(other));
  }
  for (const std::string& one : bad) {
    Outcome outcome = read_bytes(one);
    EXPECT_EQ(outcome.status.exit_code(), 0) << outcome.err;
    EXPECT_TRUE(read_timeline(outcome.out)) << outcome.out.substr(0, 300);
  }
  auto future = read_timeline(read_bytes(bad[2]).out);
  EXPECT_THAT(future->cut, HasSubstr("version go 1.99"));
}

}  // namespace
}  // namespace faultrig
