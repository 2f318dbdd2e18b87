// What `faultrig replay` prints, byte for byte.
#include "harness/report/replay_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/replay/replay_yaml.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

Replayed too_many_files() {
  Replayed made;
  made.file = "trace.txt";
  made.kind = "strace output";
  made.lines = 326;
  made.processes = 1;
  made.noise = 2;
  made.failure.exited = "1";
  made.failure.error_line = "open /etc/h0: too many open files";
  made.workload = {"/srv/shop", {"./opens", "-n", "it's"}, {}, "", {}};
  made.notes = {
      "texts are not whole: strace -s 4096 keeps paths and what is "
      "printed"};
  ReplayCandidate call;
  call.what = "openat of /etc/h0 fails with EMFILE";
  call.fault =
      "syscall: {call: openat, path: \"/etc/h0\", nth: 7, error: EMFILE}";
  call.score = 4;
  call.because = {"+4: its words were printed after it"};
  call.rests_on = {{"", 70, "openat(AT_FDCWD, \"/etc/h0\", 0) = -1 EMFILE"},
                   {"", 73, "write(2, \"\x1b[31m\", 5) = 5"}};
  call.name = "1-openat-EMFILE";
  ReplayCandidate limit = call;
  limit.what = "no more than 12 descriptors";
  limit.fault = "fds: {max: 12}";
  limit.score = 3;
  limit.because.emplace_back("-1: not seen, but what brings that error about");
  limit.rests_on.resize(1);
  made.candidates = {call, limit};
  for (ReplayCandidate& one : made.candidates) {
    one.yaml = replay_yaml(made, one);
  }
  return made;
}

TEST(ReplayReport, IsAScenarioBelowWhatItRestsOn) {
  EXPECT_EQ(replay_scenario(too_many_files()),
            R"(# trace.txt: strace output, 326 lines, 1 process; it exited 1
#   said: open /etc/h0: too many open files
#   2 failing calls are ordinary and left out
#   note: texts are not whole: strace -s 4096 keeps paths and what is printed
# 1. openat of /etc/h0 fails with EMFILE (score 4)
#    syscall: {call: openat, path: "/etc/h0", nth: 7, error: EMFILE}
#    +4: its words were printed after it
#    line 70: openat(AT_FDCWD, "/etc/h0", 0) = -1 EMFILE
#    line 73: write(2, "\x1b[31m", 5) = 5
# 2. no more than 12 descriptors (score 3)
#    fds: {max: 12}
#    +4: its words were printed after it
#    -1: not seen, but what brings that error about
#    line 70: openat(AT_FDCWD, "/etc/h0", 0) = -1 EMFILE
# the scenario of 1:
about: "openat of /etc/h0 fails with EMFILE, as in trace.txt"
tags: [replay]
workload:
  command: ["./opens", "-n", "it's"]
  cwd: "/srv/shop"
faults:
- syscall: {call: openat, path: "/etc/h0", nth: 7, error: EMFILE}
expect:
- command: {exited: 1}
- output: {matches: "open /etc/h\\d+: too many open files"}
)");
}

TEST(ReplayReport, HasTheScenarioWhoseFailureCameAgain) {
  Replayed made = too_many_files();
  made.candidates[0].tries = {3,
                              1,
                              {"expected command: {exited: 1}; it "
                               "exited 0"},
                              ""};
  made.candidates[1].tries = {3, 3, {}, ""};
  std::string text = replay_scenario(made);
  EXPECT_THAT(text, HasSubstr("#    the same failure in 1 of 3 runs\n"
                              "#    differed: expected command: {exited: 1}; "
                              "it exited 0\n"));
  EXPECT_THAT(text, HasSubstr("#    the same failure in 3 of 3 runs\n"));
  EXPECT_THAT(text, HasSubstr("# the scenario of 2:\nabout: "));
  EXPECT_THAT(text, HasSubstr("faults:\n- fds: {max: 12}\n"));
  made.smallest = "workload: {command: ['true']}\n";
  EXPECT_THAT(replay_scenario(made),
              HasSubstr("# the scenario of 2, made as small as it goes:\n"
                        "workload: {command: ['true']}\n"));
}

TEST(ReplayReport, SaysThatThereIsNone) {
  Replayed made = too_many_files();
  made.candidates.clear();
  made.failure.exited.clear();
  made.failure.killed_by = "SIGKILL";
  EXPECT_THAT(replay_text(made), HasSubstr("; it was killed by SIGKILL\n"));
  EXPECT_THAT(replay_text(made),
              HasSubstr("\nno fault of ours is named in it\n"));
  made.dropped = 1;
  EXPECT_THAT(replay_text(made),
              HasSubstr("\nno scenario can be made of what is named in it\n"));
}

TEST(ReplayReport, SaysThatTheEndIsNotKnown) {
  Replayed made = too_many_files();
  made.failure = {};
  made.failure.unknown = true;
  EXPECT_THAT(replay_text(made),
              HasSubstr("trace.txt: strace output, 326 lines, 1 process; how "
                        "it ended is not known\n"));
  EXPECT_EQ(Json::parse(replay_json(made))["failure"]["unknown"], true);
}

// A line is put together from pieces, each of which strace may have cut.
TEST(ReplayReport, ShowsEachGapAsDots) {
  Replayed made = too_many_files();
  made.failure.error_line =
      std::string("open /et") + kLeftOut + ": too" + kLeftOut;
  EXPECT_THAT(replay_text(made), HasSubstr("  said: open /et...: too...\n"));
  EXPECT_EQ(Json::parse(replay_json(made))["failure"]["said"],
            "open /et...: too...");
}

TEST(ReplayReport, IsJsonForPrograms) {
  Replayed made = too_many_files();
  made.candidates[0].tries = {3, 0, {"\xff"}, ""};
  made.file = "\xfftrace";
  Json json = Json::parse(replay_json(made));
  EXPECT_EQ(json["failure"]["exited"], "1");
  EXPECT_EQ(json["candidates"][0]["fault"], made.candidates[0].fault);
  EXPECT_EQ(json["candidates"][0]["rests_on"][0]["line"], 70);
  EXPECT_EQ(json["candidates"][0]["tries"]["same"], 0);
  EXPECT_FALSE(json["candidates"][1].contains("tries"));
  EXPECT_EQ(json["workload"]["command"][0], "./opens");
}

// A crash of Go is looked for as such.
TEST(ReplayYaml, ExpectsThePanicAndWhereItWas) {
  Replayed made = too_many_files();
  made.failure.panics = true;
  made.failure.error_line = "panic: assignment to entry in nil map";
  made.failure.top = "main.main";
  std::string yaml = replay_yaml(made, made.candidates[0]);
  EXPECT_THAT(yaml, HasSubstr("- panic: {matches: \"assignment to entry in "
                              "nil map\", in: \"main.main\"}\n"));
  made.workload = {"/srv/shop", {}, {"./orders"}, "^TestA$", {"-race"}};
  made.failure = {};
  made.failure.killed_by = "SIGTERM";
  yaml = replay_yaml(made, made.candidates[0]);
  EXPECT_THAT(yaml, HasSubstr("  go_test:\n    dir: \"/srv/shop\"\n    "
                              "packages: [\"./orders\"]\n    run: "
                              "\"^TestA$\"\n    flags: [\"-race\"]\n"));
  EXPECT_THAT(yaml, HasSubstr("expect:\n- test: {killed_by: SIGTERM}\n"));
  EXPECT_THAT(yaml, Not(HasSubstr("output:")));
}

}  // namespace
}  // namespace faultrig
