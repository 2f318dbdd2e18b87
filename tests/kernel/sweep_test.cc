// Sweeps over the call sites of a real package, which loses its errors in all
// ways.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/run/fresh_folder.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class Sweeps : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_STACKS();
    SKIP_IF_MISSING(
        "workload: {command: ['true']}\n"
        "expect:\n  - calls: {call: fsync, count: 0}\n");
  }

  // In go_fixtures/store.
  Outcome sweep(std::vector<std::string> options) {
    std::vector<std::string> argv{faultrig_program(), "sweep", "--report",
                                  "json"};
    argv.insert(argv.end(), options.begin(), options.end());
    Outcome told = Program(argv, source_dir() + "/go_fixtures/store").end();
    json_ = Json::parse(told.out, nullptr, false);
    EXPECT_FALSE(json_.is_discarded()) << told.out << told.err;
    return told;
  }

  // `fsync once: swallowed` of the one point.
  std::string only_point() const {
    if (json_["points"].size() != 1) {
      return std::to_string(json_["points"].size()) + " points";
    }
    return json_["points"][0]["outcome"];
  }

  // What an error of this call comes to in this test.
  std::string outcome(const std::string& test, const std::string& call,
                      const std::string& each = "once") {
    (void)sweep({"--run", "^" + test + "$", "--call", call, "--each", each,
                 "--in", "store.(*Store)." + test.substr(4)});
    return only_point();
  }

  WitnessRig rig_;
  Json json_;
};

TEST_F(Sweeps, TellAnErrorThatSurfacedFromOneThatWasSwallowed) {
  EXPECT_EQ(outcome("TestPutSynced", "write"), "surfaced");
  EXPECT_EQ(outcome("TestPutSynced", "fsync"), "swallowed");
  EXPECT_EQ(json_["points"][0]["line"], 37);
}

TEST_F(Sweeps, TellAFailureWithoutAWordOfTheError) {
  EXPECT_EQ(outcome("TestRemove", "unlinkat", "from_then_on"), "failed");
}

TEST_F(Sweeps, TakeNoticeOfASecondTryAndOfWords) {
  EXPECT_EQ(outcome("TestLink", "symlinkat"), "handled");
  EXPECT_EQ(outcome("TestMode", "fchmodat"), "handled");
}

TEST_F(Sweeps, TellACrashAnExitAndAHang) {
  EXPECT_EQ(outcome("TestRotate", "renameat"), "crashed");
  EXPECT_THAT(json_["points"][0]["because"].get<std::string>(),
              HasSubstr("store.(*Store).Rotate"));
  EXPECT_EQ(outcome("TestFolder", "mkdirat"), "exited");
  EXPECT_EQ(outcome("TestCut", "truncate"), "hung");
  EXPECT_THAT(json_["points"][0]["because"].get<std::string>(),
              HasSubstr("store.(*Store).Length"));
}

TEST_F(Sweeps, WriteScenariosThatRepeatTheirFindings) {
  fs::path findings = rig_.folder() / "findings";
  Outcome told = sweep({"--run", "^TestPutSynced$", "--call", "fsync",
                        "--write", findings.string()});
  EXPECT_EQ(told.status.text(), "exited 1");
  fs::path file = findings / "1-swallowed-fsync.yaml";
  ASSERT_TRUE(exists(file));
  Outcome again =
      Program({faultrig_program(), "run", file.string()}, rig_.folder()).end();
  EXPECT_EQ(again.status.text(), "exited 1");
  EXPECT_THAT(again.out, HasSubstr("observed  test exited 0"));
}

TEST_F(Sweeps, AreGreenWhereAllIsInTheBaseline) {
  std::vector<std::string> options{"--run", "^TestPutSynced$", "--call",
                                   "fsync"};
  (void)sweep(options);
  std::string site = json_["points"][0]["site"];
  fs::path file = rig_.folder() / "known.yaml";
  std::ofstream(file) << "allow:\n  - {site: " << site.substr(0, 8)
                      << ", outcome: swallowed, because: it is a cache}\n"
                      << "  - {site: aaaaaaaa, outcome: hung, because: x}\n";
  options.insert(options.end(), {"--baseline", file.string()});
  Outcome told = sweep(options);
  EXPECT_EQ(told.status.text(), "exited 0") << told.out;
  EXPECT_EQ(json_["counts"]["allowed"], 2);
  EXPECT_EQ(json_["gone"][0]["site"], "aaaaaaaa");
}

TEST_F(Sweeps, LeaveNothingBesideThePackage) {
  auto listed = [] {
    std::string names;
    for (const auto& entry :
         fs::directory_iterator(source_dir() + "/go_fixtures/store")) {
      names += entry.path().filename().string() + "\n";
    }
    return names;
  };
  std::string before = listed();
  (void)sweep({"--run", "^TestPut$", "--call", "write", "-j", "2"});
  EXPECT_EQ(listed(), before);
}

TEST_F(Sweeps, SweepACommandByNamesWhereNoStackIsKnown) {
  std::ofstream(rig_.folder() / "a") << "text";
  Outcome told = Program({faultrig_program(), "sweep", "--report", "json",
                          "--call", "fsync", "--", "sync", "a"},
                         rig_.folder())
                     .end();
  json_ = Json::parse(told.out, nullptr, false);
  ASSERT_FALSE(json_.is_discarded()) << told.out << told.err;
  EXPECT_EQ(json_["points"][0]["outcome"], "surfaced");
  EXPECT_EQ(json_["points"][0]["site"], "");
}

TEST_F(Sweeps, SayWhatIsWrongBeforeTheyStart) {
  auto wrong = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {faultrig_program(), "sweep"});
    Outcome told = Program(options, rig_.folder()).end();
    return told.status.text() + ": " + told.err;
  };
  EXPECT_THAT(wrong({"./nowhere"}),
              AllOf(HasSubstr("exited 2"), HasSubstr("no folder ./nowhere")));
  EXPECT_THAT(wrong({"--call", "fsink"}), HasSubstr("exited 2"));
  EXPECT_THAT(wrong({"--error", "EIOO"}), HasSubstr("did you mean 'EIO'"));
  EXPECT_THAT(wrong({"--each", "twice"}), HasSubstr("once or from_then_on"));
  EXPECT_THAT(wrong({"--baseline", "none.yaml"}), HasSubstr("none.yaml"));
}

TEST(FreshFolder, IsACopyWithItsNeighboursLinked) {
  WitnessRig rig;
  fs::path module = rig.folder() / "module";
  fs::create_directories(module / "a/b/testdata");
  fs::create_directories(module / "a/other");
  std::ofstream(module / "go.mod") << "module x\n";
  std::ofstream(module / "a/b/testdata/x") << "one";
  std::ofstream(module / "a/other/y") << "two";
  fs::path place = rig.folder() / "place";
  fs::create_directory(place);
  fs::path copy = copy_package(module / "a/b", place).value();
  EXPECT_TRUE(exists(copy / "testdata/x"));
  EXPECT_TRUE(exists(copy / "../other/y"));
  EXPECT_TRUE(exists(copy / "../../go.mod"));
  std::ofstream(copy / "testdata/x") << "changed";
  EXPECT_EQ(fs::file_size(module / "a/b/testdata/x"), 3U);
}

}  // namespace
}  // namespace faultrig
