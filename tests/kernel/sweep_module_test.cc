// Sweeps over the packages of a module, by the program itself.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/kernel/sweep_rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Json = nlohmann::json;

// A module of four packages: one that swallows what fsync(2) says, one without
// tests, one whose test asks the kernel for nothing, one that is as it should.
class SweepsOfAModule : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_CALL_SITES();
    module_ = rig_.folder() / "module";
    add("go.mod", "module x.org/m\n\ngo 1.19\n");
    add("bad/a.go", package("bad", "_ = f.Sync(); return nil"));
    add("bad/a_test.go", test("bad"));
    add("good/a.go", package("good", "return f.Sync()"));
    add("good/a_test.go", test("good"));
    add("idle/a_test.go",
        "package idle\nimport \"testing\"\nfunc TestIt(t *testing.T) {}\n");
    add("untested/a.go", package("untested", "return nil"));
  }

  static std::string package(const std::string& name, const std::string& end) {
    return "package " + name +
           "\nimport \"os\"\nfunc Keep(name string) error {\n"
           "f, err := os.Create(name)\nif err != nil { return err }\n"
           "defer f.Close()\n" +
           end + "\n}\n";
  }
  static std::string test(const std::string& name) {
    return "package " + name +
           "\nimport \"testing\"\nfunc TestKeep(t *testing.T) {\n"
           "if err := Keep(t.TempDir() + \"/x\"); err != nil { t.Fatal(err) "
           "}\n}\n";
  }
  void add(const fs::path& name, const std::string& text) {
    fs::create_directories((module_ / name).parent_path());
    std::ofstream(module_ / name) << text;
  }

  Outcome sweep_all(const std::vector<std::string>& words) {
    std::vector<std::string> argv{
        faultrig_program(), "sweep", "--report", "json",
        "--call",           "fsync", "--each",   "once"};
    argv.insert(argv.end(), words.begin(), words.end());
    Outcome told = Program(argv, module_).end();
    json_ = Json::parse(told.out, nullptr, false);
    return told;
  }

  WitnessRig rig_;
  fs::path module_;
  Json json_;
};

TEST_F(SweepsOfAModule, TakeOnePackageAfterAnother) {
  fs::path findings = rig_.folder() / "findings";
  Outcome told = sweep_all({"./...", "--write", findings.string()});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out << told.err;
  ASSERT_EQ(json_["points"].size(), 2U) << json_;
  EXPECT_EQ(json_["points"][0]["of"], "x.org/m/bad");
  EXPECT_EQ(json_["points"][0]["outcome"], "swallowed");
  EXPECT_EQ(json_["points"][1]["of"], "x.org/m/good");
  EXPECT_EQ(json_["points"][1]["outcome"], "surfaced");
  EXPECT_EQ(json_["packages"].size(), 3U);
  EXPECT_EQ(json_["without_tests"], Json::array({"x.org/m/untested"}));
  EXPECT_EQ(json_["coverage"].size(), 2U);
  EXPECT_TRUE(exists(findings / "1-swallowed-fsync.yaml"));
}

TEST_F(SweepsOfAModule, AreGreenWhereAPackageHasNothingToSweep) {
  Outcome told = sweep_all({"./good", "./idle", "./untested", "x.org/m/good"});
  EXPECT_EQ(told.status.text(), "exited 0") << told.out << told.err;
  EXPECT_EQ(json_["packages"].size(), 2U);
  EXPECT_EQ(json_["without_tests"], Json::array({"./untested"}));
}

TEST_F(SweepsOfAModule, HaveOneBudget) {
  Outcome told = sweep_all({"./good", "./bad", "--budget", "1ms"});
  EXPECT_EQ(told.status.text(), "exited 3") << told.out << told.err;
  EXPECT_EQ(json_["not_begun"], Json::array({"./bad"}));
}

TEST_F(SweepsOfAModule, RefuseWhatMeansNoPackage) {
  for (const char* word :
       {"./nowhere/...", "x.org/nowhere/...", "x.org/nowhere", "./nowhere"}) {
    Outcome told = sweep_all({"./good", word});
    EXPECT_EQ(told.status.text(), "exited 2") << word << told.err;
    EXPECT_THAT(told.err, HasSubstr("nowhere")) << word;
    EXPECT_EQ(told.out, "") << word;
  }
}

TEST_F(SweepsOfAModule, TellOfAPackageThatDoesNotCompile) {
  add("bad/a.go", "package bad\nfunc Keep(string) int {}\n");
  Outcome told = sweep_all({"./..."});
  EXPECT_EQ(told.status.text(), "exited 3") << told.out << told.err;
  EXPECT_EQ(json_["counts"]["surfaced"], 1);
  EXPECT_THAT(json_["because"].get<std::string>(), HasSubstr("x.org/m/bad: "));
}

}  // namespace
}  // namespace faultrig
