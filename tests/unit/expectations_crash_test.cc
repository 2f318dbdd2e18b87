// What was printed of a crash, and whether it was one: panic, goroutines.
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

Verdict verdict(const std::string& name, const Params& params,
                const TraceBuilder& trace) {
  return ask(name, params, trace).verdict;
}

TraceBuilder printed(const std::string& out, const std::string& err = "") {
  TraceBuilder trace;
  trace.parts.out = out;
  trace.parts.err = err;
  return trace;
}

// Printed by a test binary that ended with this exit code.
TraceBuilder crashed(const std::string& out, int code = 2) {
  TraceBuilder trace = printed(out);
  trace.exited("test", code);
  return trace;
}

Params matches(const char* what) { return params("matches", text(what)); }
Params in(const char* function) { return params("in", text(function)); }
Params state(const char* state) { return params("state", text(state)); }
Params most(std::int64_t count) { return params("at_most", count); }

const std::string kLogged =
    "panic: boom\n\ngoroutine 7 [running]:\nm.TestDeep(0xc0)\n"
    "\t/src/deep_test.go:4 +0x1\n\n";

TEST(Panic, ThatWasRecoveredAndLoggedEndedNothing) {
  Finding passed =
      ask("panic", matches("boom"),
          crashed(kLogged + "--- PASS: TestDeep (0.00s)\nPASS\n", 0));
  EXPECT_EQ(passed.verdict, Verdict::fail);
  EXPECT_EQ(passed.because,
            "the output has 'panic: boom' in 'm.TestDeep', which ended no "
            "program as far as is known: test exited 0");
  EXPECT_EQ(verdict("panic", matches("boom"),
                    crashed(kLogged + "exit status 4\nFAIL\tm\t0.1s\n", 4)),
            Verdict::fail);
  EXPECT_EQ(verdict("panic", matches("boom"), crashed(kLogged, 4)),
            Verdict::fail);
  EXPECT_EQ(verdict("panic", matches("boom"),
                    crashed(kLogged + "exit status 2\nFAIL\tm\t0.1s\nFAIL\n")),
            Verdict::pass);
}

TEST(Panic, BehindWhichMoreWasPrintedMayNotBeTheEnd) {
  for (const char* more :
       {"served 3 requests\n", "--- FAIL: TestDeep (0.00s)\nFAIL\n",
        "panic: another\n\ngoroutine 9 [running]:\nm.TestB(0x1)\n"}) {
    EXPECT_EQ(verdict("panic", matches("boom"), crashed(kLogged + more)),
              Verdict::inconclusive)
        << more;
  }
  EXPECT_EQ(
      verdict("panic", matches("^another"),
              crashed(kLogged + "panic: another\n\ngoroutine 9 [running]:\n"
                                "m.TestB(0x1)\n")),
      Verdict::pass);
}

TEST(Panic, WhoseStackTheProgramPrintedEndedNothing) {
  EXPECT_EQ(verdict("panic", matches("boom"),
                    crashed("panic: boom\n\ngoroutine 7 [running]:\n"
                            "runtime/debug.Stack()\n\t/go/stack.go:26 +0x5e\n"
                            "m.TestDeep(0x1)\n")),
            Verdict::fail);
}

TEST(Panic, WithoutADumpIsNotKnownToHaveEndedAnything) {
  EXPECT_EQ(verdict("panic", matches("boom"), crashed("panic: boom\n")),
            Verdict::inconclusive);
  EXPECT_EQ(verdict("panic", matches("deadlock"),
                    crashed("fatal error: no goroutines (main called "
                            "runtime.Goexit) - deadlock!\n")),
            Verdict::pass);
}

// `go run` makes 1 of its program's 2, and says so.
TEST(Panic, OfWhatACommandStartedIsKnownByGosWord) {
  for (const char* word : {"exit status 2\n", ""}) {
    TraceBuilder trace = printed("", kLogged + word);
    trace.exited("command", 1);
    EXPECT_EQ(verdict("panic", matches("boom"), trace),
              *word != 0 ? Verdict::pass : Verdict::inconclusive);
  }
}

TEST(Panic, MayBeInWhatTheCutTook) {
  TraceBuilder trace = crashed("all is well\n");
  trace.add(Fact::output_cut, "", 4096);
  EXPECT_EQ(verdict("panic", matches("boom"), trace), Verdict::inconclusive);
}

// A panic dumps the one goroutine that it is in.
TEST(Goroutines, AreNotProvedFewByADumpOfOne) {
  EXPECT_EQ(
      verdict("goroutines", in("deep.worker") + most(0), crashed(kLogged)),
      Verdict::inconclusive);
  EXPECT_EQ(verdict("goroutines", in("TestDeep") + most(0), crashed(kLogged)),
            Verdict::fail);
}

constexpr const char* kTwo =
    "goroutine 7 [running]:\nm.TestDeep(0xc0)\n\t/src/deep_test.go:4 +0x1\n\n"
    "goroutine 8 [chan receive]:\nm.worker()\n\t/src/deep.go:9 +0x1\n";

TEST(Goroutines, AreOfADumpOnlyBelowWhatTheRuntimeSaysBeforeIt) {
  TraceBuilder hung = printed(
      "", "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n" + std::string(kTwo));
  hung.exited("test", 2);
  EXPECT_EQ(verdict("goroutines", state("chan receive"), hung), Verdict::pass);
  TraceBuilder own = printed("", kTwo);  // runtime.Stack(buffer, true)
  own.exited("test", 2);
  Finding none = ask("goroutines", state("chan receive"), own);
  EXPECT_EQ(none.verdict, Verdict::fail);
  EXPECT_EQ(none.because,
            "no goroutine dump in the output; 2 stacks that a program printed "
            "itself are none");
  EXPECT_EQ(verdict("goroutines", state("mutex") + most(0), own),
            Verdict::inconclusive);
}

// Its child may have crashed, or it printed a dump of somebody.
TEST(Goroutines, AreNobodysWhereNobodyCrashed) {
  for (int code : {0, 1}) {
    EXPECT_EQ(verdict("goroutines", in("TestDeep"), crashed(kLogged, code)),
              Verdict::inconclusive);
  }
  EXPECT_EQ(verdict("goroutines", in("TestDeep"), crashed(kLogged)),
            Verdict::pass);
}

TEST(Goroutines, MayBeInWhatTheCutTook) {
  TraceBuilder trace = printed(kTwo);
  trace.add(Fact::output_cut, "", 4096);
  EXPECT_EQ(verdict("goroutines", state("mutex") + most(0), trace),
            Verdict::inconclusive);
  EXPECT_EQ(verdict("goroutines", state("mutex"), trace),
            Verdict::inconclusive);
}

}  // namespace
}  // namespace faultrig
