// Sweeps over the call sites of a real package, which loses its errors in all
// ways.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/os/shim_folders.h"
#include "harness/run/package_place.h"
#include "tests/kernel/sweep_rig.h"
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
  void SetUp() override { SKIP_WITHOUT_CALL_SITES(); }

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

// The lines of the tests of site 0.
TEST_F(Sweeps, FailTheFirstCallInEachTest) {
  (void)sweep({"--run", "^(TestRemove|TestLink|TestMode)$", "--call", "write",
               "--each", "per_test"});
  ASSERT_EQ(only_point(), "surfaced");
  EXPECT_EQ(json_["points"][0]["tests"].size(), 3U) << json_["points"][0];
}

TEST_F(Sweeps, TellWhatIsLostBySomebodyWhoLooksAfterwards) {
  std::vector<std::string> options{"--run",    "^TestSwap$", "--call",
                                   "renameat", "--each",     "once"};
  (void)sweep(options);
  EXPECT_EQ(only_point(), "swallowed");
  options.insert(
      options.end(),
      {"--recover", "cat value $TMPDIR/value; grep two $TMPDIR/value"});
  (void)sweep(options);
  EXPECT_EQ(only_point(), "lost");
  EXPECT_THAT(json_["points"][0]["because"].get<std::string>(),
              HasSubstr("recover command exited 1"));
}

// The file is cut before it is written: a kill between them leaves nothing.
TEST_F(Sweeps, KillAtEachCallAndLookAtWhatIsLeft) {
  (void)sweep({"--run", "^TestSwap$", "--in", "store.(*Store).Swap", "--kill",
               "--call", "write", "--call", "renameat", "--recover",
               "grep -qE 'one|two' $TMPDIR/value"});
  ASSERT_EQ(json_["points"].size(), 2U) << json_;
  for (const Json& point : json_["points"]) {
    EXPECT_EQ(point["outcome"], "handled") << point;
    EXPECT_EQ(point["fault"], "SIGKILL");
  }
  (void)sweep({"--run", "^TestSwap$", "--kill", "--call", "renameat",
               "--recover", "grep -q two $TMPDIR/value"});
  EXPECT_EQ(only_point(), "lost");
}

TEST_F(Sweeps, MakeWritesShortWhichGoMakesUpFor) {
  (void)sweep({"--run", "^TestPut$", "--call", "write", "--short", "1B",
               "--each", "once"});
  EXPECT_EQ(only_point(), "handled");
}

TEST_F(Sweeps, DoNotStartWhereEvenWithoutAFaultSomethingIsLost) {
  Outcome told =
      sweep({"--run", "^TestSwap$", "--recover", "echo no such thing; exit 4"});
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_TRUE(json_["points"].empty());
  EXPECT_THAT(json_["because"].get<std::string>(),
              HasSubstr("recover command exited 4: no such thing"));
}

TEST_F(Sweeps, ShowNoSecretInAPath) {
  Outcome told = Program({"/usr/bin/env", "API_TOKEN=store/store.go",
                          faultrig_program(), "sweep", "--report", "json",
                          "--run", "^TestPut$", "--each", "once"},
                         source_dir() + "/go_fixtures/store")
                     .end();
  EXPECT_THAT(told.out, AllOf(HasSubstr("MASKED"),
                              ::testing::Not(HasSubstr("store/store.go"))));
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

TEST_F(Sweeps, ReplaceTheirOwnFilesAndNoneOfOthers) {
  fs::path file = rig_.folder() / "1-swallowed-fsync.yaml";
  std::vector<std::string> options{"--run",   "^TestPutSynced$",
                                   "--call",  "fsync",
                                   "--write", rig_.folder().string()};
  std::ofstream(file) << "about: \"old\"\ntags: [sweep]\n";
  EXPECT_EQ(sweep(options).status.text(), "exited 1");
  EXPECT_GT(fs::file_size(file), 100U);
  std::ofstream(file) << "mine\n";
  Outcome told = sweep(options);
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("is there, and is not what would be"));
  EXPECT_EQ(fs::file_size(file), 5U);
  EXPECT_EQ(json_["points"][0]["outcome"], "swallowed");
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

// By Go's own reader of profiles.
TEST_F(Sweeps, TellWhatFailedAsAProfileThatGoOpens) {
  std::string profile = (rig_.folder() / "errors.cov").string();
  std::string page = (rig_.folder() / "errors.html").string();
  Outcome told =
      sweep({"--run", "^(TestPutSynced|TestLink)$", "--call", "fsync", "--call",
             "symlinkat", "--each", "once", "--report", "cover:" + profile});
  EXPECT_EQ(json_["coverage"][0]["package"], "faultrig.example/fixtures/store");
  EXPECT_EQ(json_["coverage"][0]["failed"], json_["points"].size());
  auto cover = [&](const std::vector<std::string>& how) {
    std::vector<std::string> argv{"/usr/bin/env", "go", "tool", "cover"};
    argv.insert(argv.end(), how.begin(), how.end());
    return Program(argv, rig_.folder()).end();
  };
  Outcome read = cover({"-func", profile});
  EXPECT_EQ(read.status.text(), "exited 0") << read.err;
  EXPECT_THAT(read.out, ::testing::ContainsRegex("PutSynced[ \t]+100.0%"));
  EXPECT_THAT(read.out, ::testing::ContainsRegex("Link[ \t]+100.0%"));
  EXPECT_THAT(read.out, ::testing::ContainsRegex("Rotate[ \t]+0.0%"));
  Outcome shown = cover({"-html", profile, "-o", page});
  EXPECT_EQ(shown.status.text(), "exited 0") << shown.err;
  EXPECT_TRUE(exists(fs::path(page)));
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
  EXPECT_THAT(wrong({"--kill"}), HasSubstr("needs --recover"));
  EXPECT_THAT(wrong({"--kill", "--recover", "true", "--each", "per_test"}),
              HasSubstr("--each says nothing of --kill"));
  EXPECT_THAT(wrong({"--short", "0"}), HasSubstr("a size such as"));
  EXPECT_THAT(wrong({"--delay", "soon"}), HasSubstr("a time such as"));
  EXPECT_THAT(wrong({"--error", "EIOO"}), HasSubstr("did you mean 'EIO'"));
  EXPECT_THAT(wrong({"--each", "twice"}),
              HasSubstr("once, per_test or from_then_on"));
  EXPECT_THAT(wrong({"--baseline", "none.yaml"}), HasSubstr("none.yaml"));
}

class PackageCopies : public ::testing::Test {
 protected:
  PackageCopies() {
    fs::create_directories(module_ / "a/b/testdata");
    fs::create_directories(module_ / "a/other");
    std::ofstream(module_ / "go.mod") << "module x\n";
    std::ofstream(module_ / "a/b/testdata/x") << "one";
    std::ofstream(module_ / "a/other/y") << "two";
    fs::create_directory(rig_.folder() / "place");
    place_ =
        PackagePlace::make(module_ / "a/b", TempDir(rig_.folder() / "place"))
            .value();
  }

  WitnessRig rig_;
  fs::path module_ = rig_.folder() / "module";
  PackagePlace place_;
};

TEST_F(PackageCopies, HaveTheirNeighboursLinked) {
  fs::path copy = place_.copy().value();
  EXPECT_TRUE(exists(copy / "testdata/x"));
  EXPECT_TRUE(exists(copy / "../other/y"));
  EXPECT_TRUE(exists(copy / "../../go.mod"));
  std::ofstream(copy / "testdata/x") << "changed";
  EXPECT_EQ(fs::file_size(module_ / "a/b/testdata/x"), 3U);
}

TEST_F(PackageCopies, StandOneAfterAnotherInOnePlace) {
  EXPECT_TRUE(place_.is_of(module_ / "a/b"));
  EXPECT_FALSE(place_.is_of(module_ / "a"));
  EXPECT_FALSE(PackagePlace().is_of(""));
  std::ofstream(place_.copy().value() / "left") << "behind";
  EXPECT_TRUE(place_.clear());
  EXPECT_FALSE(exists(place_.copy().value() / "left"));
}

// Of whatever a test did through `..`, the next one sees nothing.
TEST_F(PackageCopies, AreToHaveAnotherPlaceOnceATestTouchedWhatIsAround) {
  fs::path above = rig_.folder() / "place/package";
  std::ofstream(above / "new") << "";
  EXPECT_FALSE(place_.clear());
  fs::remove(above / "new");
  EXPECT_TRUE(place_.clear());
  fs::permissions(above / "a", fs::perms::owner_all);
  EXPECT_FALSE(place_.clear());
  fs::permissions(above / "a", fs::perms(0755));
  EXPECT_TRUE(place_.clear());
  fs::remove(above / "a/other");
  EXPECT_FALSE(place_.clear());
  fs::create_symlink("elsewhere", above / "a/other");
  EXPECT_FALSE(place_.clear());
  fs::remove_all(above);
  EXPECT_FALSE(place_.clear());
}

}  // namespace
}  // namespace faultrig
