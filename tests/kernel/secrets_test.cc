// A secret of the scenario's `env` is printed by its workload, expected, kept:
// the folder has no trace of it, and judged again says the same.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "harness/os/scratch.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;

class KeptSecrets : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_scratch(owner_name() + ".secrets").value();
    setenv("FAULTRIG_TEST_TOKEN", "inherited-1234", 1);
  }
  void TearDown() override { unsetenv("FAULTRIG_TEST_TOKEN"); }

  int faultrig(const std::string& words) {
    fs::path program =
        fs::read_symlink("/proc/self/exe").parent_path() / "faultrig";
    std::string line = "cd " + folder_.path().string() + " && " +
                       program.string() + " " + words + " >said 2>&1";
    int status = system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  void write_scenario(const std::string& env) {
    std::ofstream(folder_.path() / "s.yaml")
        << "workload:\n  command: [sh, -c, 'echo $A_TOKEN $FAULTRIG_TEST_TOKEN'"
           "]\n  env: "
        << env
        << "\nexpect:\n  - output: {contains: hush-5678}\n"
           "  - command: {exited: 0}\n";
  }

  std::string everything_below(const std::string& name) const {
    std::ostringstream all;
    for (const auto& file :
         fs::recursive_directory_iterator(folder_.path() / name)) {
      if (file.is_regular_file()) {
        std::ifstream in(file.path());
        all << std::string(std::istreambuf_iterator<char>(in), {});
      }
    }
    return all.str();
  }

  std::string said() const {
    std::ifstream in(folder_.path() / "said");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TempDir folder_;
};

TEST_F(KeptSecrets, AreNowhereAndAreJudgedAgain) {
  write_scenario("{A_TOKEN: 'hush-5678'}");
  EXPECT_EQ(faultrig("run s.yaml --evidence kept --report json:report.json"),
            0);
  std::string own = everything_below("kept");
  EXPECT_NE(own.find("MASKED MASKED"), std::string::npos);
  for (const char* secret : {"hush-5678", "inherited-1234"}) {
    EXPECT_EQ(own.find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(faultrig("judge kept/s"), 0);
}

// In the plan that is only shown, and in the path of the scenario.
TEST_F(KeptSecrets, AreNotShownWhereTheyStandInAQuestionOrAPath) {
  fs::create_directory(folder_.path() / "inherited-1234");
  std::ofstream(folder_.path() / "inherited-1234/t.yaml")
      << "workload:\n  command: [sh, -c, 'echo $A_TOKEN; exit 1']\n"
         "  env: {A_TOKEN: 'hush-5678'}\nfaults:\n"
         "  - syscall: {name: hush-5678, call: openat, delay: 1ms}\n"
         "golden: false\nexpect:\n  - output: {contains: hush-5678}\n"
         "  - took_effect: hush-5678\n  - command: {exited: 0}\n";
  const std::string file = "inherited-1234/t.yaml";
  EXPECT_EQ(faultrig("plan " + file), 0);
  std::string shown = said();
  EXPECT_EQ(faultrig("run --evidence kept " + file), 1);
  shown += said() + everything_below("kept");
  for (const char* secret : {"hush-5678", "inherited-1234"}) {
    EXPECT_EQ(shown.find(secret), std::string::npos) << secret << shown;
  }
  EXPECT_EQ(faultrig("judge kept/t"), 1);
}

// Of one that was not run, one that cannot run and one that is begun, too.
TEST_F(KeptSecrets, AreNotShownInTheNamesOfWhatWasNotRun) {
  fs::create_directory(folder_.path() / "inherited-1234");
  std::ofstream(folder_.path() / "inherited-1234/hush-5678.yaml")
      << "workload: {command: ['false'], env: {A_TOKEN: 'hush-5678'}}\n"
         "expect:\n  - command: {exited: 0}\n";
  fs::create_directory(folder_.path() / "out");
  const std::string all =
      " --report text --report junit:out/r.xml --report json:out/r.json "
      "--report events:out/e --report html:out/h --report tap:out/t";
  std::string shown;
  for (const char* words :
       {"run . --budget 1ns", "run .", "run . --rerun out/r.json"}) {
    EXPECT_EQ(faultrig(words + all), shown.empty() ? 77 : 1) << said();
    shown += said() + everything_below("out");
  }
  EXPECT_NE(shown.find("MASKED/MASKED"), std::string::npos) << shown;
  for (const char* secret : {"hush-5678", "inherited-1234"}) {
    EXPECT_EQ(shown.find(secret), std::string::npos) << secret << shown;
  }
}

TEST_F(KeptSecrets, ThatCannotBeMaskedAreNotKept) {
  write_scenario("\n    A_TOKEN:\n      \"hush-\\x35678\"");
  EXPECT_EQ(faultrig("run s.yaml --evidence kept"), 3);
  EXPECT_FALSE(fs::exists(folder_.path() / "kept"));
}

}  // namespace
}  // namespace faultrig
