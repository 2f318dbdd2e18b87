// `go test -exec 'faultrig witness --'` with real packages.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "harness/base/text.h"
#include "harness/judge/witnessed.h"
#include "harness/os/cgroup.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WitnessOfGo : public ::testing::Test {
 protected:
  Outcome go_test(const std::vector<std::string>& flags,
                  std::vector<std::string> options = {}) {
    options.insert(options.end(), {"--junit", junit_file()});
    return Program(rig_.go_test(flags, options), fixtures_folder()).end();
  }

  std::string junit_file() const {
    return (rig_.folder() / "junit.xml").string();
  }
  std::string junit() const {
    auto text = read_file(AT_FDCWD, junit_file(), 16 << 20);
    return text ? *text : "";
  }

  std::string line_of(const std::string& package) const {
    return conclude(rig_.record(package + ".test")).text;
  }

  WitnessRig rig_;
};

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + word.size())) {
    ++count;
  }
  return count;
}

TEST_F(WitnessOfGo, HasARecordOfEachPackageOfOneRun) {
  Outcome ran = go_test({"./passes", "./exit255", "./panics"});
  EXPECT_EQ(ran.status, WaitStatus::of_exit(1));
  EXPECT_EQ(conclude(rig_.record("passes.test")).kind, Conclusion::Kind::clean);
  EXPECT_THAT(line_of("exit255"), HasSubstr("exited 255"));
  EXPECT_THAT(line_of("panics"), HasSubstr("exited 2: panic: "));
  EXPECT_THAT(junit(), HasSubstr("<testsuites tests=\"3\" failures=\"0\" "
                                 "errors=\"2\" skipped=\"0\""));
  EXPECT_THAT(junit(),
              HasSubstr("classname=\"faultrig.example/fixtures/exit255\""));
}

// A module with one package, of which one test fails.
std::filesystem::path make_module(const std::filesystem::path& folder) {
  std::filesystem::path module = folder / "module";
  std::filesystem::create_directories(module / "pkg/store");
  std::ofstream(module / "go.mod") << "module example.com/m // ours\ngo 1.19\n";
  std::ofstream(module / "pkg/store/store_test.go")
      << "package store\nimport \"testing\"\n"
         "func TestOne(t *testing.T) {}\n"
         "func TestTwo(t *testing.T) { t.Fatal() }\n";
  return module;
}

TEST_F(WitnessOfGo, NamesThePackageAndTheTestsThatFailed) {
  Outcome ran =
      Program(rig_.go_test({"-v", "./..."}, {"--junit", junit_file()}),
              make_module(rig_.folder()))
          .end();
  EXPECT_THAT(ran.out, HasSubstr("faultrig: pkg/store.test exited 1: "
                                 "1 of 2 tests failed (TestTwo)\n"));
  EXPECT_THAT(junit(), HasSubstr("<failure "));
  auto kept = read_evidence(rig_.out() / "pkg.store.test");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->scenario, "example.com/m/pkg/store");
}

TEST_F(WitnessOfGo, TakesPathsFromWhereGoWasStarted) {
  std::filesystem::path module = make_module(rig_.folder());
  Program({"go", "test", "-exec",
           faultrig_program() + " witness --out kept --junit report.xml --",
           "./..."},
          module)
      .end();
  EXPECT_TRUE(std::filesystem::exists(module / "report.xml"));
  EXPECT_TRUE(std::filesystem::exists(module / "kept/pkg.store.test"));
  EXPECT_FALSE(std::filesystem::exists(module / "pkg/store/report.xml"));
}

TEST_F(WitnessOfGo, ReplacesTheReportOfAnEarlierRun) {
  go_test({"./passes", "./exit255"});
  go_test({"./passes"});
  EXPECT_THAT(junit(), HasSubstr("<testsuites tests=\"1\""));
  EXPECT_THAT(junit(), Not(HasSubstr("exit255")));
}

TEST_F(WitnessOfGo, ChangesNothingOfWhatGoPrints) {
  std::vector<std::string> flags{"-v", "-count=1", "./prints_ansi"};
  auto without_times = [](std::string text) {
    text.resize(std::min(text.size(), text.find("\nok  \t")));
    RE2::GlobalReplace(&text, R"(\(\d+\.\d\ds\))", "(a while)");
    return text;
  };
  std::vector<std::string> bare{"go", "test"};
  bare.insert(bare.end(), flags.begin(), flags.end());
  EXPECT_EQ(without_times(go_test(flags).out),
            without_times(Program(bare, fixtures_folder()).end().out));
}

TEST_F(WitnessOfGo, NoticesAGreenThatIsNone) {
  Outcome ran = go_test({"./exit256", "./closes_stdout", "./testmain_no_run",
                         "./testmain_swallows", "./no_tests"});
  EXPECT_EQ(ran.status, WaitStatus::of_exit(0)) << ran.out;
  for (const char* package : {"exit256", "closes_stdout", "testmain_no_run"}) {
    EXPECT_THAT(line_of(package), HasSubstr("never said PASS")) << package;
  }
  EXPECT_THAT(line_of("testmain_swallows"), HasSubstr("although it said FAIL"));
  EXPECT_EQ(count_of(junit(), "<error "), 4U);
  // go keeps the stderr of what is ok to itself: ours came past it, once.
  EXPECT_EQ(count_of(ran.err, "faultrig: exit256.test exited 0 but"), 1U)
      << ran.err;
  EXPECT_EQ(count_of(ran.out, "faultrig:"), 0U) << ran.out;
}

// A shell opens a log for writing, not for appending: what go writes next would
// lie over what we appended.
TEST_F(WitnessOfGo, KeepsItsLineInALogThatGoWritesOn) {
  std::string log = (rig_.folder() / "log").string();
  std::string line = shell_line(rig_.go_test(
      {"-p=1", "-count=1", "./closes_stdout", "./passes", "./exit255"}));
  Program({"sh", "-c", "(" + line + "; echo last) >" + log + " 2>&1"},
          fixtures_folder())
      .end();
  std::string text = read_file(AT_FDCWD, log).value_or("");
  EXPECT_EQ(count_of(text,
                     "faultrig: closes_stdout.test exited 0 but never "
                     "said PASS"),
            1U)
      << text;
  EXPECT_EQ(count_of(text, "ok  \tfaultrig.example/fixtures/closes_stdout"), 1U)
      << text;
  EXPECT_EQ(count_of(text, "last\n"), 1U) << text;
}

TEST_F(WitnessOfGo, TurnsAFalseGreenRedWhenAskedTo) {
  Outcome ran = go_test({"./exit256"}, {"--strict"});
  EXPECT_EQ(ran.status, WaitStatus::of_exit(1));
  EXPECT_THAT(ran.out, HasSubstr("never said PASS"));
  EXPECT_EQ(go_test({"./passes"}, {"--strict"}).status, WaitStatus::of_exit(0));
}

TEST_F(WitnessOfGo, DoesNotTakeOtherUsesForFalseGreens) {
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"-list", ".", "./passes"},
        {"-run", "NoSuchTest", "./passes"},
        {"-bench", ".", "-benchtime", "1x", "./passes"},
        {"-v", "./passes"},
        {"-json", "./passes"},
        {"-cover", "./passes"}}) {
    Outcome ran = go_test(flags, {"--strict"});
    EXPECT_EQ(ran.status, WaitStatus::of_exit(0)) << ran.out << ran.err;
  }
}

TEST_F(WitnessOfGo, TellsTheKindOfACrash) {
  go_test({"./panics", "./nil_map"});
  EXPECT_EQ(first_of(rig_.record("panics.test"), Fact::go_crash).action,
            "panic");
  EXPECT_THAT(line_of("nil_map"), HasSubstr("assignment to entry in nil map"));
}

TEST_F(WitnessOfGo, TellsAnOomKill) {
  if (find_cgroup_places().memory.empty()) {
    GTEST_SKIP() << "needs a writable memory cgroup";
  }
  Outcome ran = go_test({"./hoard"}, {"--memory", "64MiB"});
  EXPECT_EQ(ran.status, WaitStatus::of_exit(1));
  EXPECT_THAT(ran.out, HasSubstr("faultrig: hoard.test was OOM-killed: memory "
                                 "cap 64MiB of its cgroup, peak 64.0MiB, 1 of "
                                 "1 process"));
}

TEST_F(WitnessOfGo, TellsATimeoutAndWhatRan) {
  Outcome ran = go_test({"-timeout", "300ms", "./timeout"});
  EXPECT_EQ(ran.status, WaitStatus::of_exit(1));
  EXPECT_THAT(line_of("timeout"), HasSubstr("panic: test timed out after"));
}

TEST_F(WitnessOfGo, PassesOnASigquitAndTellsTheSender) {
  std::string out = rig_.out().string();
  Program run(rig_.go_test({"-v", "./sigterm_ignored"}), fixtures_folder());
  run.await("=== RUN");
  for (int pid : descendants_of(run.pid())) {
    if (command_of(pid).find(" witness --out " + out) != std::string::npos) {
      kill(pid, SIGQUIT);
    }
  }
  Outcome ran = run.end();
  EXPECT_THAT(ran.out, HasSubstr("SIGQUIT: quit"));
  EXPECT_THAT(ran.out, HasSubstr("exited 2: SIGQUIT from "));
  Observation passed =
      first_of(rig_.record("sigterm_ignored.test"), Fact::signal_passed);
  EXPECT_EQ(passed.pid, getpid());
}

bool runs_below(int pid, const std::string& program) {
  std::vector<int> below = descendants_of(pid);
  return std::any_of(below.begin(), below.end(), [&](int one) {
    std::string command = command_of(one);
    return command.substr(0, command.find(' ')).ends_with("/" + program);
  });
}

// As timeout(1) does. go keeps back what a test prints, and is gone.
TEST_F(WitnessOfGo, TellsTheEndThatAGoWhichIsKilledDoesNotShow) {
  for (int signal : {SIGTERM, SIGKILL}) {
    Program run(rig_.go_test({"./sigterm_default"}), fixtures_folder(),
                [] { setpgid(0, 0); });
    ASSERT_TRUE(eventually(
        [&] { return runs_below(run.pid(), "sigterm_default.test"); }));
    kill(-run.pid(), signal);
    Outcome ran = run.end();
    EXPECT_EQ(ran.status, WaitStatus::of_signal(signal));
    EXPECT_THAT(ran.err, HasSubstr("faultrig: sigterm_default.test was killed "
                                   "by SIG"));
    EXPECT_THAT(ran.err, HasSubstr("; go test has ended, too\n"));
  }
}

TEST_F(WitnessOfGo, StandsBetweenOtherExecPrograms) {
  std::vector<std::string> inside = rig_.witness({"env", "FIXTURE=1"});
  std::vector<std::string> outside{"env", "FIXTURE=1"};
  std::vector<std::string> witness = rig_.witness({});
  outside.insert(outside.end(), witness.begin(), witness.end());
  for (const std::vector<std::string>& words : {inside, outside}) {
    Outcome ran =
        Program({"go", "test", "-exec", join(words, " "), "./exit255", "-v"},
                fixtures_folder())
            .end();
    EXPECT_THAT(ran.out, HasSubstr("exited 255"));
  }
  // `env` is what was started; the test binary is what it became.
  EXPECT_THAT(conclude(rig_.record("env (exit255)")).text,
              HasSubstr("exited 255"));
}

TEST_F(WitnessOfGo, HasFiveHundredRecords) {
  constexpr int kPrograms = 500;
  constexpr std::size_t kAtOnce = 16;
  std::deque<Program> running;
  int ended = 0;
  for (int i = 0; i < kPrograms; ++i) {
    if (running.size() == kAtOnce) {
      running.front().end();
      running.pop_front();
      ++ended;
    }
    std::string code = std::to_string(i % 100 == 0 ? 3 : 0);
    running.emplace_back(
        rig_.witness({"sh", "-c", "exit " + code}, {"--junit", junit_file()}),
        rig_.folder());
  }
  for (Program& program : running) {
    program.end();
    ++ended;
  }
  EXPECT_EQ(ended, kPrograms);
  std::set<std::filesystem::path> kept;
  for (const auto& entry : std::filesystem::directory_iterator(rig_.out())) {
    EXPECT_TRUE(read_evidence(entry.path()));
    kept.insert(entry.path());
  }
  EXPECT_EQ(kept.size(), 500U);
  EXPECT_THAT(junit(), HasSubstr("<testsuites tests=\"500\" failures=\"0\" "
                                 "errors=\"5\""));
  EXPECT_EQ(count_of(junit(), "<testcase "), 500U);
}

}  // namespace
}  // namespace faultrig
