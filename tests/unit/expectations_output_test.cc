// What was printed and which calls were seen: output, tests, panic,
// goroutines, calls.
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
TraceBuilder crashed(const std::string& out, const std::string& err = "",
                     int code = 2) {
  TraceBuilder trace = printed(out, err);
  trace.exited("test", code);
  return trace;
}

Params contains(const char* what) { return params("contains", text(what)); }
Params matches(const char* what) { return params("matches", text(what)); }
Params lacks(const char* what) { return params("lacks", text(what)); }
Params of(const char* stream) { return params("of", text(stream)); }

TEST(Output, ContainsATextInEitherStream) {
  TraceBuilder trace = printed("hello\n", "world\n");
  EXPECT_EQ(verdict("output", contains("world"), trace), Verdict::pass);
  EXPECT_EQ(verdict("output", contains("moon"), trace), Verdict::fail);
  EXPECT_EQ(verdict("output", contains("world") + of("stdout"), trace),
            Verdict::fail);
  EXPECT_EQ(verdict("output", contains("world") + of("stderr"), trace),
            Verdict::pass);
}

TEST(Output, MatchesAtLines) {
  TraceBuilder trace = printed("a\nrefused after 13 opens\nb\n");
  EXPECT_EQ(verdict("output", matches("^refused after \\d+ opens$"), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("output", matches("^after"), trace), Verdict::fail);
  EXPECT_EQ(verdict("output", matches("("), trace), Verdict::fail);
}

TEST(Output, LacksATextInBothStreams) {
  TraceBuilder trace = printed("fine", "DATA RACE");
  EXPECT_EQ(verdict("output", lacks("panic"), trace), Verdict::pass);
  EXPECT_EQ(verdict("output", lacks("DATA RACE"), trace), Verdict::fail);
  EXPECT_EQ(verdict("output", lacks("DATA RACE") + of("stdout"), trace),
            Verdict::pass);
}

TEST(Output, AsksAllThatIsAsked) {
  TraceBuilder trace = printed("one two");
  EXPECT_EQ(verdict("output", contains("one") + lacks("three"), trace),
            Verdict::pass);
  Finding finding = ask("output", contains("one") + lacks("two"), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because, "'two' is in stdout or stderr");
}

TEST(Output, CannotTellWhatTheCutTook) {
  TraceBuilder trace = printed("kept");
  trace.add(Fact::output_cut, "", 4096);
  trace.parts.trace.back().stream = "stdout";
  EXPECT_EQ(verdict("output", contains("kept"), trace), Verdict::pass);
  EXPECT_EQ(verdict("output", contains("gone"), trace), Verdict::inconclusive);
  EXPECT_EQ(verdict("output", lacks("gone"), trace), Verdict::inconclusive);
  EXPECT_EQ(verdict("output", lacks("kept"), trace), Verdict::fail);
  EXPECT_EQ(verdict("output", lacks("gone") + of("stderr"), trace),
            Verdict::pass);
}

TEST(Output, TakesAnyBytes) {
  TraceBuilder trace = printed(std::string("\0\xff\xfe needle", 9));
  EXPECT_EQ(verdict("output", matches("needle"), trace), Verdict::fail);
  trace.parts.out += "needle";
  EXPECT_EQ(verdict("output", matches("needle"), trace), Verdict::pass);
}

Params each(const std::map<std::string, std::string>& ends) {
  return params("each", ends);
}

TEST(Tests, EndAsTheirLastEventSays) {
  TraceBuilder trace;
  trace.test("TestA", "run").test("TestA/sub", "run");
  trace.test("TestA/sub", "fail").test("TestA", "fail");
  trace.test("TestB", "run").test("TestB", "skip");
  trace.test("TestC", "run");
  EXPECT_EQ(verdict("tests",
                    each({{"TestA", "fail"},
                          {"TestA/sub", "fail"},
                          {"TestB", "skip"},
                          {"TestC", "unfinished"}}),
                    trace),
            Verdict::pass);
  for (const char* wrong : {"pass", "skip", "unfinished"}) {
    EXPECT_EQ(verdict("tests", each({{"TestA", wrong}}), trace), Verdict::fail);
  }
  EXPECT_EQ(verdict("tests", each({{"TestC", "pass"}}), trace), Verdict::fail);
}

TEST(Tests, OfOneNameMustAllEndSo) {
  TraceBuilder trace;
  trace.test("TestA", "run").test("TestA", "pass");
  trace.test("TestA", "run").test("TestA", "fail");
  Finding finding = ask("tests", each({{"TestA", "pass"}}), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because.substr(0, 21), "TestA: fail and pass ");
}

TEST(Tests, ThatDiedOnceAreNotPassed) {
  TraceBuilder trace;
  trace.test("TestA", "run").test("TestA", "pass").test("TestA", "run");
  EXPECT_EQ(verdict("tests", each({{"TestA", "pass"}}), trace), Verdict::fail);
}

TEST(Tests, CannotBeToldWhereATestPrintedWhatTestingSays) {
  TraceBuilder trace;
  trace.test("TestA", "run").test("TestA", "pass");
  EXPECT_EQ(verdict("tests", each({{"TestA", "pass"}}), trace), Verdict::pass);
  Observation unknown;
  unknown.fact = Fact::not_known;
  unknown.action = "tests";
  trace.add(unknown);
  for (const char* end : {"pass", "fail"}) {
    EXPECT_EQ(verdict("tests", each({{"TestA", end}}), trace),
              Verdict::inconclusive);
  }
}

TEST(Tests, CannotBeToldWhereTheirOutputWasCut) {
  TraceBuilder trace;
  trace.test("TestA", "run").test("TestA", "pass");
  trace.add(Fact::output_cut, "", 4096);
  trace.parts.trace.back().stream = "stdout";
  EXPECT_EQ(verdict("tests", each({{"TestA", "pass"}}), trace),
            Verdict::inconclusive);
}

TEST(Tests, ThatNobodySawAreSuggested) {
  TraceBuilder trace;
  trace.test("TestHoard", "run").test("TestHoard", "pass");
  Finding finding = ask("tests", each({{"TestHord", "pass"}}), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because,
            "no event of test 'TestHord' (did you mean 'TestHoard'?)");
}

constexpr const char* kPanic =
    "panic: boom [recovered]\n\tpanic: boom\n\ngoroutine 7 [running]:\n"
    "panic({0x1, 0x2})\n\t/go/src/runtime/panic.go:1\n"
    "example.com/x/deep.TestDeep(0xc0)\n\t/src/deep_test.go:4 +0x1\n\n"
    "goroutine 8 [chan receive, 3 minutes]:\n"
    "example.com/x/deep.worker()\n\t/src/deep.go:9 +0x1\n\n"
    "goroutine 9 [chan receive (nil chan)]:\n"
    "example.com/x/deep.worker()\n\t/src/deep.go:9 +0x1\n";

Params in(const char* function) { return params("in", text(function)); }

TEST(Panic, IsFoundByItsTextAndTheFunctionAtItsTop) {
  for (const TraceBuilder& trace : {crashed(kPanic), crashed("", kPanic)}) {
    EXPECT_EQ(verdict("panic", matches("boom"), trace), Verdict::pass);
    EXPECT_EQ(verdict("panic", matches("^panic: boom"), trace), Verdict::pass);
    EXPECT_EQ(verdict("panic", in("TestDeep"), trace), Verdict::pass);
    EXPECT_EQ(verdict("panic", in("deep.TestDeep") + matches("bo+m"), trace),
              Verdict::pass);
    EXPECT_EQ(verdict("panic", matches("bang"), trace), Verdict::fail);
    EXPECT_EQ(verdict("panic", in("worker"), trace), Verdict::fail);
  }
}

TEST(Panic, IsNotThereWithoutOne) {
  Finding finding = ask("panic", matches("."), printed("all is well\n"));
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because, "no Go panic or fatal error in the output");
}

TEST(Panic, SaysWhichOnesThereWere) {
  Finding finding = ask("panic", matches("bang"), crashed(kPanic));
  EXPECT_EQ(finding.because,
            "the output has 'panic: boom [recovered]' in "
            "'example.com/x/deep.TestDeep'");
}

TEST(Panic, OfADeadlockIsInEachGoroutine) {
  TraceBuilder trace = crashed(
      "fatal error: all goroutines are asleep - deadlock!\n\n"
      "goroutine 1 [chan receive]:\ntesting.(*T).Run(0x1)\n\n"
      "goroutine 6 [chan receive]:\nm.TestStuck(0x1)\n");
  EXPECT_EQ(verdict("panic", in("TestStuck"), trace), Verdict::pass);
  EXPECT_EQ(verdict("panic", in("TestOther"), trace), Verdict::fail);
}

std::string event(const std::string& package, const std::string& output) {
  return R"({"Action":"output","Package":")" + package + R"(","Output":")" +
         output + "\"}\n";
}

TraceBuilder ran(const std::string& line, const std::string& out) {
  TraceBuilder trace = printed(out);
  trace.add(Fact::run_started, "", 0, line);
  trace.exited("test", 2);
  return trace;
}

const std::string kDumpEvents =
    event("a", R"(\n)") + event("b", R"(PASS\n)") +
    event("a", R"(goroutine 7 [running]:\nm.BenchmarkX(0x1)\n)") +
    event("a", R"(exit status 2\nFAIL\ta\t0.1s\n)");

TEST(Panic, IsFoundInTheEventsOfJson) {
  for (const std::string& headline :
       {event("a", R"(panic: boom\n)"),
        event("a", R"(BenchmarkX-2   \tpanic: boom\n)"),
        event("a", R"(BenchmarkX-2   \t)") +
            event("b", R"(=== RUN   TestB\n)") + "not an event\n" +
            event("a", R"(panic: boom\n)")}) {
    TraceBuilder trace =
        ran("go test -json -bench=X ./...", headline + kDumpEvents);
    EXPECT_EQ(verdict("panic", matches("^boom$"), trace), Verdict::pass)
        << headline;
    EXPECT_EQ(verdict("panic", in("BenchmarkX"), trace), Verdict::pass)
        << headline;
    EXPECT_EQ(verdict("goroutines", in("BenchmarkX"), trace), Verdict::pass)
        << headline;
  }
  TraceBuilder plain = ran("go test -json ./...",
                           "{\"Action\":\"start\"}\n" + std::string(kPanic));
  EXPECT_EQ(verdict("panic", matches("boom"), plain), Verdict::pass);
}

TEST(Panic, IsNotInEventsThatATestPrinted) {
  std::string events = event("a", R"(panic: boom\n)") + kDumpEvents;
  EXPECT_EQ(verdict("panic", matches("."), ran("go test ./...", events)),
            Verdict::fail);
  EXPECT_EQ(verdict("panic", matches("."), printed(events)), Verdict::fail);
}

TEST(Panic, IsFoundBehindTheNameOfABenchmark) {
  TraceBuilder trace = crashed(
      "BenchmarkX-2   \tpanic: boom\n\ngoroutine 7 [running]:\n"
      "m.BenchmarkX(0x1)\n");
  EXPECT_EQ(verdict("panic", matches("^boom$") + in("BenchmarkX"), trace),
            Verdict::pass);
  TraceBuilder result = printed("BenchmarkX-2   \t    1000\t     123 ns/op\n");
  EXPECT_EQ(verdict("panic", matches("."), result), Verdict::fail);
}

Params state(const char* state) { return params("state", text(state)); }
Params least(std::int64_t count) { return params("at_least", count); }
Params most(std::int64_t count) { return params("at_most", count); }

TEST(Goroutines, AreCountedByStateAndFunction) {
  TraceBuilder trace = printed("", kPanic);
  EXPECT_EQ(verdict("goroutines", state("chan receive"), trace), Verdict::pass);
  EXPECT_EQ(verdict("goroutines", state("chan receive") + least(2), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("goroutines", state("chan receive") + least(3), trace),
            Verdict::fail);
  EXPECT_EQ(
      verdict("goroutines", state("chan receive (nil chan)") + least(2), trace),
      Verdict::fail);
  EXPECT_EQ(verdict("goroutines", in("deep.worker") + most(1), trace),
            Verdict::fail);
  EXPECT_EQ(verdict("goroutines", in("deep.worker") + most(2), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("goroutines", state("mutex") + most(0), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("goroutines", state("mutex"), trace), Verdict::fail);
}

TEST(Goroutines, AreNotProvedFewWithoutADump) {
  EXPECT_EQ(verdict("goroutines", state("mutex") + most(0), printed("ok\n")),
            Verdict::inconclusive);
  EXPECT_EQ(verdict("goroutines", state("mutex"), printed("ok\n")),
            Verdict::fail);
}

TEST(Calls, AreSelectedByNameErrorAndPath) {
  TraceBuilder trace;
  trace.call("openat", "/tmp/a.db", EIO).call("openat", "/etc/hosts");
  trace.call("fsync", "/tmp/a.db", EIO);
  Params open = params("call", std::vector<std::string>{"openat"});
  Params error = params("error", std::int64_t{EIO});
  EXPECT_EQ(verdict("calls", open + params("count", equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("calls", error + params("count", equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("calls",
                    open + error + params("path", text("*.db")) +
                        params("count", equal(1)),
                    trace),
            Verdict::pass);
  EXPECT_EQ(verdict("calls", params("path", text("/var/*")), trace),
            Verdict::fail);
  EXPECT_EQ(verdict("calls",
                    params("path", text("/var/*")) + params("count", equal(0)),
                    trace),
            Verdict::pass);
  EXPECT_EQ(
      verdict("calls", params("call", std::vector<std::string>{"read"}), trace),
      Verdict::fail);
}

TEST(Calls, OfASequenceComeInThisOrderWithOthersBetween) {
  TraceBuilder trace;
  trace.call("write").call("fsync").call("close").call("renameat");
  CallPattern write{{"write"}, std::nullopt, ""};
  CallPattern sync{{"fsync"}, std::nullopt, ""};
  CallPattern rename{{"renameat", "renameat2"}, std::nullopt, ""};
  auto sequence = [](std::vector<CallPattern> calls) {
    return params("sequence", std::move(calls));
  };
  EXPECT_EQ(verdict("calls", sequence({write, sync, rename}), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("calls", sequence({write, rename, sync}), trace),
            Verdict::fail);
  EXPECT_EQ(verdict("calls", sequence({write, write}), trace), Verdict::fail);
}

TEST(Calls, AreCitedUpToABound) {
  TraceBuilder trace;
  for (int i = 0; i < 1000; ++i) {
    trace.call("read");
  }
  Finding finding =
      ask("calls", params("call", std::vector<std::string>{"read"}), trace);
  EXPECT_EQ(finding.cites.size(), 100u);
  EXPECT_NE(finding.because.find("... and 997 more"), std::string::npos);
}

}  // namespace
}  // namespace faultrig
