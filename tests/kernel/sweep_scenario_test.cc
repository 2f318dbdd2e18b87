// `sweep` in a scenario, by the program itself.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/kernel/sweep_rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class SweepScenarios : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_CALL_SITES(); }

  std::string store(const std::string& run) const {
    return "workload: {go_test: {dir: " + fixtures_folder().string() +
           ", packages: ./store, mode: binary, run: '" + run + "'}}\n";
  }

  // Writes it as swept.yaml, and asks for something about it.
  Outcome ask(const std::string& yaml, std::vector<std::string> words) {
    std::ofstream(rig_.folder() / "swept.yaml") << yaml;
    words.insert(words.begin(), faultrig_program());
    words.emplace_back("swept.yaml");
    return Program(words, rig_.folder()).end();
  }

  WitnessRig rig_;
};

TEST_F(SweepScenarios, ARunIsRedForAPointThatIsAndTellsIt) {
  std::string yaml = store("^TestPutSynced$") +
                     "sweep: {calls: {call: fsync, each: once}}\n"
                     "expect: [{sweep: {swallowed: 0}}, {leftovers: 0}]\n";
  Outcome told = ask(yaml, {"run"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("expected  sweep: swallowed 0"),
                              HasSubstr("observed  1 point: swallowed 1"),
                              HasSubstr("PutSynced"), HasSubstr("rerun")));
  Outcome allowed =
      ask(yaml + "allow: [{site: 8e45bb3f, outcome: swallowed, because: a}]\n",
          {"run"});
  EXPECT_EQ(allowed.status.text(), "exited 0") << allowed.out;
}

TEST_F(SweepScenarios, AJsonReportHasItsFindings) {
  Outcome told = ask(store("^TestPutSynced$") +
                         "sweep: {calls: {call: fsync, each: once}}\n"
                         "expect: [{test: {exited: 1}}]\n",
                     {"run", "--report", "json"});
  Json json = Json::parse(told.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << told.out << told.err;
  const Json& one = json["scenarios"][0];
  EXPECT_EQ(one["verdict"], "fail");
  EXPECT_EQ(one["findings"][0]["expected"], "test exited 1");
  EXPECT_EQ(one["findings"][0].value("line", 0), 3);
}

TEST_F(SweepScenarios, ItsMapWritesScenariosThatRepeatItsFindings) {
  Outcome told = ask(store("^TestPutSynced$") +
                         "sweep: {calls: {call: fsync, each: once}}\n"
                         "expect: [{leftovers: 0}]\n",
                     {"sweep", "--write", "found"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("swallowed  store.(*Store).PutSynced"),
                              HasSubstr("ok    swept")));
  Outcome again =
      Program({faultrig_program(), "run", "found/1-swallowed-fsync.yaml"},
              rig_.folder())
          .end();
  EXPECT_EQ(again.status.text(), "exited 1") << again.out << again.err;
}

// What it took long to find is told, whatever becomes of its files.
TEST_F(SweepScenarios, ItsMapIsToldWhereAFileOfOthersIsInTheWay) {
  std::filesystem::create_directory(rig_.folder() / "found");
  std::filesystem::create_symlink(
      "../victim", rig_.folder() / "found/1-swallowed-fsync.yaml");
  Outcome told = ask(store("^TestPutSynced$") +
                         "sweep: {calls: {call: fsync, each: once}}\n"
                         "expect: [{leftovers: 0}]\n",
                     {"sweep", "--write", "found"});
  EXPECT_EQ(told.status.text(), "exited 2") << told.out;
  EXPECT_THAT(told.err, HasSubstr("is there, and is not what would be"));
  EXPECT_THAT(told.out, HasSubstr("swallowed  store.(*Store).PutSynced"));
  EXPECT_FALSE(std::filesystem::exists(rig_.folder() / "victim"));
}

TEST_F(SweepScenarios, FaultsBesideItStandInEachRunAndHaveToTakeEffect) {
  Outcome told =
      ask("workload: {command: [cat, /dev/null]}\n"
          "faults: [{fds: {max: 9}}]\n"
          "sweep: {calls: {call: openat, of: any, each: once}}\n"
          "expect: [{sweep: {hung: 0}}]\n",
          {"run"});
  EXPECT_EQ(told.status.text(), "exited 3") << told.out;
  EXPECT_THAT(told.out,
              HasSubstr("openat EIO, once: fault 'fds' was installed"));
}

TEST_F(SweepScenarios, WhatFailsByItselfIsNotSwept) {
  Outcome told =
      ask("workload: {command: ['false']}\nsweep: {calls: {}}\n", {"run"});
  EXPECT_EQ(told.status.text(), "exited 3") << told.out;
  EXPECT_THAT(told.out, HasSubstr("no point was tried: without any fault it"));
}

TEST_F(SweepScenarios, RecoverLooksBehindEachPoint) {
  Outcome told =
      ask("workload:\n"
          "  go_test: {dir: " +
              fixtures_folder().string() +
              ", packages: ./store, mode: binary, run: '^TestSwap$'}\n"
              "  recover: [sh, -c, 'grep -q two \"$TMPDIR/value\"']\n"
              "sweep: {calls: {call: renameat, each: once}}\n"
              "expect: [{sweep: {lost: 0}}]\n",
          {"run"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("lost at 1 of 1 points"),
                              HasSubstr("renameat EIO")));
}

// A program that opens so many files needs so many descriptors.
TEST_F(SweepScenarios, FindTheLeastOfALimit) {
  Outcome told = Program({faultrig_program(), "floors", "--limit", "fds",
                          "--write", "guard.yaml", "--", "sh", "-c",
                          "exec 3</dev/null 4</dev/null 5</dev/null "
                          "6</dev/null 7</dev/null"},
                         rig_.folder())
                     .end();
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_THAT(told.out, AllOf(HasSubstr("fds        "), HasSubstr("3 of 3"),
                              HasSubstr("faultrig run guard.yaml")));
  Outcome kept =
      Program({faultrig_program(), "run", "guard.yaml"}, rig_.folder()).end();
  EXPECT_EQ(kept.status.text(), "exited 0") << kept.out << kept.err;
}

TEST_F(SweepScenarios, HaveNoFloorWhereItFailsByItself) {
  Outcome told =
      Program({faultrig_program(), "floors", "--", "false"}, rig_.folder())
          .end();
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.out, HasSubstr("without a limit it exited 1"));
}

TEST_F(SweepScenarios, LimitsAreJudgedByWhatComesBelowThem) {
  std::string yaml =
      "workload: {command: [sh, -c, 'exec 3</dev/null 4</dev/null "
      "5</dev/null 6</dev/null 7</dev/null']}\n"
      "sweep: {limits: {fds: least}}\n";
  Outcome told =
      ask(yaml + "expect: [{sweep: {handled: 0, hung: 0}}]\n", {"run"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  Outcome map = ask(yaml + "expect: [{sweep: {handled: 1}}]\n", {"sweep"});
  EXPECT_EQ(map.status.text(), "exited 1");
  EXPECT_THAT(map.out, AllOf(HasSubstr("one step below"),
                             HasSubstr("observed  floors: fds ")));
}

TEST_F(SweepScenarios, CoverageCountsWhatScenariosMadeToFail) {
  std::string yaml =
      store("^TestPutSynced$") +
      "faults: [{syscall: {call: fsync, error: EIO, of: program}}]\n";
  EXPECT_EQ(ask(yaml, {"run", "--evidence", "kept"}).status.text(), "exited 0");
  auto coverage = [&](std::vector<std::string> more) {
    std::vector<std::string> words{faultrig_program(),
                                   "sweep",
                                   "--coverage",
                                   "--run",
                                   "^TestPutSynced$",
                                   "--call",
                                   "write",
                                   "--each",
                                   "once",
                                   "--report",
                                   "json"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back((fixtures_folder() / "store").string());
    Outcome told = Program(words, rig_.folder()).end();
    return Json::parse(told.out, nullptr, false)["coverage"][0];
  };
  EXPECT_EQ(coverage({})["failed"], 1);
  Json with = coverage({"--evidence", "kept"});
  EXPECT_EQ(with["failed"], 2);
  EXPECT_EQ(with["surfaced"], 1);
  Outcome none = Program({faultrig_program(), "sweep", "--evidence", "nowhere",
                          (fixtures_folder() / "store").string()},
                         rig_.folder())
                     .end();
  EXPECT_EQ(none.status.text(), "exited 2");
}

TEST_F(SweepScenarios, IsToldByWhatOnlyReadsIt) {
  std::string yaml = store("^TestPut$") + "sweep: {calls: {call: fsync}}\n";
  EXPECT_THAT(ask(yaml, {"list"}).out, HasSubstr("(sweep over calls)"));
  EXPECT_THAT(ask(yaml, {"plan"}).out, HasSubstr("sweep     over calls"));
  EXPECT_EQ(ask(yaml, {"check"}).status.text(), "exited 0");
}

TEST_F(SweepScenarios, HaveTheReportsThatFitThem) {
  auto wrong = [&](const std::string& over, const std::string& form) {
    Outcome told = ask("workload: {command: ['true']}\nsweep: {" + over + "}\n",
                       {"sweep", "--report", form});
    return told.status.text() + ": " + told.err;
  };
  EXPECT_THAT(
      wrong("dependencies: {}", "cover"),
      AllOf(HasSubstr("exited 2"), HasSubstr("is for a sweep over calls")));
  EXPECT_THAT(wrong("limits: {fds: least}", "sarif"),
              HasSubstr("is for a sweep over calls or dependencies"));
}

TEST_F(SweepScenarios, TheCommandTakesNoOptionThatTheScenarioHasAKeyFor) {
  std::string yaml = store("^TestPut$") + "sweep: {calls: {}}\n";
  EXPECT_EQ(ask(yaml, {"sweep", "--call", "fsync"}).status.text(), "exited 2");
  EXPECT_EQ(ask(store("^TestPut$") + "expect: [{leftovers: 0}]\n", {"sweep"})
                .status.text(),
            "exited 2");
}

}  // namespace
}  // namespace faultrig
