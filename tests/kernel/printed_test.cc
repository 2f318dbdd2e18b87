// What a test prints is not testing's word, however much it looks like that.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A module with one test, whose body is given.
class Printed : public ::testing::Test {
 protected:
  void SetUp() override {
    // A binary is built once for each folder.
    folder_ =
        make_scratch(
            owner_name() + "." +
            ::testing::UnitTest::GetInstance()->current_test_info()->name())
            .value();
    std::ofstream(folder_.path() / "go.mod")
        << "module printed.example\n\ngo 1.19\n";
  }

  Rig::Told run(const std::string& body, const std::string& expect,
                const std::string& flags = "",
                const std::string& mode = "chain") const {
    std::ofstream(folder_.path() / "printed_test.go")
        << "package printed\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t"
           "\"runtime/debug\"\n\t\"syscall\"\n\t\"testing\"\n)\n\n"
           "var _, _, _ = os.Exit, debug.Stack, syscall.Exit\n\n"
           "func TestReal(t *testing.T) {\n\tfmt.Println()\n" +
               body + "\n}\n";
    return Rig::run("workload:\n  go_test: {dir: " + folder_.path().string() +
                    ", mode: " + mode + ", flags: [" + flags +
                    "]}\nexpect:\n  - " + expect + "\n");
  }

  static bool has_marks() {
    return Rig::run(
               "workload:\n  go_test: {dir: ../../go_fixtures, packages: "
               "./passes}\nexpect:\n  - test: {exited: 0}\n")
        .evidence->provenance()
        .go.starts_with("go1.2");
  }

  TempDir folder_;
};

constexpr const char* kFake =
    R"(	fmt.Print("=== RUN   TestFake\n--- PASS: TestFake (0.00s)\n"))";
constexpr const char* kMarked =
    R"(	fmt.Print("\x16=== RUN   TestFake\n\x16--- PASS: TestFake (0.00s)\n"))";

TEST_F(Printed, EndOfATestWithoutAMarkIsNone) {
  for (const char* flags : {"", "-v", "-json"}) {
    Rig::Told ran = run(kFake, "tests: {TestFake: pass}", flags);
    EXPECT_EQ(ran.judgement.verdict,
              has_marks() ? Verdict::fail : Verdict::inconclusive)
        << flags << told(ran.judgement);
    Rig::Told real = run(kFake, "tests: {TestReal: pass}", flags);
    EXPECT_EQ(real.judgement.verdict,
              has_marks() ? Verdict::pass : Verdict::inconclusive)
        << flags << told(real.judgement);
  }
}

TEST_F(Printed, EndOfATestWithAMarkOfItsOwnCannotBeTold) {
  for (const char* flags : {"", "-v", "-json"}) {
    Rig::Told ran = run(kMarked, "tests: {TestFake: pass}", flags);
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
        << flags << told(ran.judgement);
  }
}

TEST_F(Printed, EndBeforeItsProgramEndsItselfCannotBeTold) {
  Rig::Told ran =
      run(R"(	fmt.Print("\x16--- PASS: TestReal (0.00s)\n"); os.Exit(3))",
          "tests: {TestReal: pass}");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

// Status 0 in testing's place: go says ok, and testing never said PASS.
TEST_F(Printed, EndBeforeItsProgramExits0CannotBeTold) {
  const std::string body =
      R"(	fmt.Print("\x16--- PASS: TestReal (0.00s)\n\x16=== NAME  \n")
	syscall.Exit(0))";
  for (const char* mode : {"chain", "binary"}) {
    Rig::Told ran = run(body, "tests: {TestReal: pass}", "", mode);
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
        << mode << told(ran.judgement);
    EXPECT_THAT(ran.judgement.observed, HasSubstr("exited 0 without a PASS"));
  }
}

TEST_F(Printed, NothingLeavesNoDoubt) {
  for (const char* mode : {"chain", "binary"}) {
    Rig::Told ran = run("", "tests: {TestReal: pass}", "", mode);
    EXPECT_EQ(ran.judgement.verdict, Verdict::pass)
        << mode << told(ran.judgement);
    EXPECT_THAT(ran.judgement.observed, Not(HasSubstr("without")));
  }
}

// Its own word has no mark, and testing's is no longer there.
TEST_F(Printed, PassWithoutAMarkIsNotTestings) {
  if (!has_marks()) {
    GTEST_SKIP() << "needs Go 1.20";
  }
  for (const char* mode : {"chain", "binary"}) {
    Rig::Told ran = run(R"(	fmt.Print("PASS\n"); syscall.Exit(0))",
                        "tests: {TestReal: unfinished}", "", mode);
    EXPECT_THAT(ran.judgement.observed, HasSubstr("exited 0 without a PASS"));
    EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  }
}

TEST_F(Printed, PanicThatWasRecoveredEndedNothing) {
  for (const char* end : {"", "\n\tos.Exit(4)", "\n\tos.Exit(2)"}) {
    Rig::Told ran = run(
        std::string("	func() {\n\t\tdefer func() {\n"
                    "\t\t\tfmt.Fprintf(os.Stderr, \"panic: %v\\n\\n%s\\n\", "
                    "recover(), debug.Stack())\n\t\t}()\n"
                    "\t\tpanic(\"boom at work\")\n\t}()") +
            end,
        "panic: boom at work");
    EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
    bool shown = *end != 0;  // go drops what an ok package printed
    EXPECT_THAT(told(ran.judgement),
                HasSubstr(shown ? "ended no program" : "no Go panic"));
  }
}

TEST_F(Printed, PanicThatEndsATestIsFoundThoughAnotherWasLogged) {
  Rig::Told ran = run(
      R"(	fmt.Printf("panic: logged\n\n%s\n", debug.Stack()); panic("real"))",
      "panic: ^real");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

}  // namespace
}  // namespace faultrig
