// Logs of crashes that were taken for others: each is the smallest that fooled
// the explanation, beside the real one.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::string failed(const std::string& printed) {
  return printed + "FAIL\texample.com/m/store\t0.1s\nFAIL\n";
}

std::vector<std::string> causes_behind(const std::string& printed) {
  return causes_of(failed(printed));
}

// What else it may have been.
bool names_besides(const std::string& printed, const std::string& id) {
  const Explanation one = explained(failed(printed)).explanations.at(0);
  return std::any_of(one.among.begin(), one.among.end(),
                     [&](const Cause* cause) { return cause->id == id; });
}

std::string frame(const std::string& function,
                  const std::string& file = "/m/store.go") {
  return function + "(0x1)\n\t" + file + ":7 +0x1\n";
}

std::string made_by(const std::string& function) {
  return "created by " + function + " in goroutine 1\n\t/m/a.go:7 +0x1\n";
}

std::string dump(const std::string& words, const std::string& frames) {
  return words + "\n\ngoroutine 7 [running]:\n" + frames;
}

// The stack of a test that panicked: testing passes it on.
std::string passed_on(const std::string& words) {
  return dump(words + " [recovered, repanicked]",
              frame("testing.tRunner.func1.2") + frame("panic") +
                  frame("example.com/m/store.TestX", "/m/store_test.go") +
                  frame("testing.tRunner") + made_by("testing.(*T).Run"));
}

TEST(CrashLogs, AreAsSureWithTheLineOfAWitnessBehindThem) {
  const std::string crash = passed_on("panic: rotten");
  EXPECT_THAT(causes_behind(crash), ElementsAre("panic_in_test likely"));
  EXPECT_THAT(causes_behind(crash + "hello\n"),
              ElementsAre("panic_in_test likely"));
  EXPECT_THAT(
      causes_behind(crash + "faultrig: store.test exited 2: panic: rotten in "
                            "example.com/m/store.TestX\n"),
      ElementsAre("panic_in_test certain"));
  // Somebody spoke between the two.
  EXPECT_THAT(
      causes_behind(crash + "hello\nfaultrig: store.test exited 2: panic\n"),
      ElementsAre("panic_in_test likely"));
  // Who ended otherwise did not crash: it printed that.
  EXPECT_THAT(causes_behind(crash + "faultrig: store.test exited 3\n"),
              ElementsAre("os_exit_n likely"));
}

TEST(CrashLogs, TellAFunctionOfAPackageVariableFromAnInitFunction) {
  const std::string words = "panic: handler broke";
  EXPECT_THAT(causes_behind(dump(words, frame("m/store.init.func1") +
                                            made_by("m/store.TestX"))),
              ElementsAre("panic_in_goroutine likely"));
  EXPECT_THAT(causes_behind(dump(words, frame("m/store.load.func1") +
                                            frame("m/store.init.0"))),
              ElementsAre("panic_in_init likely"));
}

TEST(CrashLogs, TellAnExampleBelowTestMainFromTestMain) {
  const std::string main =
      frame("m/store.TestMain") + frame("main.main", "_testmain.go");
  EXPECT_THAT(causes_behind(dump("panic: x [recovered, repanicked]",
                                 frame("testing.runExample.func2") +
                                     frame("panic") + frame("m/store.Example") +
                                     frame("testing.runExample") +
                                     frame("testing.(*M).Run") + main)),
              ElementsAre("panic_in_test likely"));
  EXPECT_THAT(causes_behind(dump("panic: x", frame("m/store.setUp") + main)),
              ElementsAre("panic_in_testmain likely"));
}

TEST(CrashLogs, TellAGoroutineThatPanicsAgainFromATest) {
  EXPECT_THAT(causes_behind(dump(
                  "panic: x [recovered, repanicked]",
                  frame("m/store.TestX.func1.1") + frame("panic") +
                      frame("m/store.TestX.func1") + made_by("m/store.TestX"))),
              ElementsAre("panic_in_goroutine likely"));
  EXPECT_THAT(causes_behind(passed_on("panic: x")),
              ElementsAre("panic_in_test likely"));
}

TEST(CrashLogs, ReadTheSignalBelowThePanicOfANilPointer) {
  const std::string words =
      "panic: runtime error: invalid memory address or nil pointer dereference "
      "[recovered]\n\tpanic: runtime error: invalid memory address or nil "
      "pointer dereference";
  auto with = [&](const std::string& signal) {
    return causes_behind(dump(words + signal, frame("testing.tRunner.func1") +
                                                  frame("panic") +
                                                  frame("m/store.TestX")));
  };
  EXPECT_THAT(with("\n[signal SIGSEGV: segmentation violation code=0x1 "
                   "addr=0x18 pc=0x5410f2]"),
              ElementsAre("nil_pointer likely"));
  EXPECT_THAT(with("\n[signal SIGBUS: bus error code=0x2 addr=0x7fb40580e000 "
                   "pc=0x5410f2]"),
              ElementsAre("nil_pointer possible", "bus_error possible"));
  EXPECT_THAT(with(""), ElementsAre("nil_pointer possible"));
}

TEST(CrashLogs, AreLikelyWhereAChildMayHaveCrashedAndItsParentExited) {
  for (const std::string& printed :
       {dump("panic: test timed out after 1s",
             frame("testing.(*M).startAlarm.func1") + made_by("time.goFunc")),
        dump("panic: x", frame("m/store.TestX.func1") + made_by("m.TestX")),
        passed_on("panic: assignment to entry in nil map"),
        std::string("--- FAIL: TestX (0.00s)\n    x_test.go:3: no\nFAIL\n")}) {
    EXPECT_THAT(causes_behind(printed),
                ElementsAre(::testing::EndsWith(" likely")))
        << printed;
    EXPECT_TRUE(names_besides(printed, "os_exit_n")) << printed;
  }
}

TEST(CrashLogs, TakeAChildsFailureInATestThatHasNoEndForAPossibleOne) {
  EXPECT_THAT(causes_behind("=== RUN   TestX\n=== RUN   TestH\n"
                            "--- FAIL: TestH (0.00s)\nFAIL\n"),
              ElementsAre("failed_test possible"));
  EXPECT_THAT(causes_of("=== RUN   TestX\n=== RUN   TestH\n"
                        "--- FAIL: TestH (0.00s)\nFAIL\n"
                        "--- PASS: TestX (0.00s)\nPASS\nok  \tm/x\t0.1s\n"),
              IsEmpty());
}

TEST(CrashLogs, DoNotKnowWhoMissedTheOutputOfAChild) {
  const std::string line = "exec: WaitDelay expired before I/O complete\n";
  EXPECT_THAT(causes_behind(line), ElementsAre("io_incomplete possible"));
  EXPECT_THAT(causes_behind("PASS\n" + line),
              ElementsAre("io_incomplete likely"));
}

TEST(CrashLogs, NameWhoElseMayHaveRunTheTestBinary) {
  const std::string start = "fork/exec /tmp/go-build1/b001/store.test: ";
  for (const char* why : {"no such file or directory\n", "permission denied\n",
                          "exec format error\n", "text file busy\n"}) {
    EXPECT_TRUE(names_besides(start + why, "os_exit_1")) << why;
  }
  EXPECT_THAT(
      causes_behind("fork/exec ./store.test: no such file or directory\n"),
      ElementsAre("missing_loader possible"));
}

TEST(CrashLogs, TakeTheStackOfATestThatDidNotPanicForPrinted) {
  const std::string test = frame("m/store.dump") + frame("m/store.TestX") +
                           frame("testing.tRunner") +
                           made_by("testing.(*T).Run");
  EXPECT_THAT(causes_behind(dump("panic: watchdog: no heartbeat", test)),
              ElementsAre("exit_hidden possible"));
  const std::string other = made_by("m/store.TestX");
  EXPECT_THAT(causes_behind(dump("panic: watchdog: no heartbeat",
                                 frame("runtime/pprof.writeGoroutineStacks") +
                                     frame("m/store.dump") + other)),
              ElementsAre("exit_hidden possible"));
  EXPECT_THAT(causes_behind(dump("fatal error: watchdog: no heartbeat",
                                 frame("m/store.dump") + other)),
              ElementsAre("runtime_fatal possible"));
  EXPECT_THAT(causes_behind(dump("fatal error: sweep increased allocation",
                                 frame("runtime.throw") + test)),
              ElementsAre("runtime_fatal likely"));
}

TEST(CrashLogs, TakeTheWordsOfGlibcOnlyRightBeforeTheAbort) {
  const std::string abort = dump(
      "SIGABRT: abort\nPC=0x5 m=0 sigcode=18446744073709551610\n"
      "signal arrived during cgo execution",
      frame("runtime.cgocall") + frame("m/store._Cfunc_ab") +
          frame("testing.tRunner") + made_by("testing.(*T).Run"));
  EXPECT_THAT(causes_behind("corrupted cache entry, dropped\n" + abort),
              ElementsAre("c_abort likely"));
  EXPECT_THAT(
      causes_behind("double free or corruption (out)\nretrying\nok\n" + abort),
      ElementsAre("c_abort likely"));
  EXPECT_THAT(causes_behind("corrupted size vs. prev_size\n" + abort),
              ElementsAre("c_heap_damage likely"));
  EXPECT_THAT(causes_behind("terminate called after throwing an instance of "
                            "'std::runtime_error'\n  what():  no\n" +
                            abort),
              ElementsAre("cpp_exception likely"));
}

TEST(CrashLogs, KnowABenchmarkByWhoMadeItsGoroutine) {
  const std::string words = "goos: linux\npanic: bench broke";
  const std::string end = made_by("testing.(*B).run1") + "exit status 2\n";
  EXPECT_THAT(causes_behind(dump(words, frame("m/store.BenchmarkZ") + end)),
              ElementsAre("panic_in_benchmark certain"));
  EXPECT_THAT(causes_behind(dump(words,
                                 "m/store.BenchmarkZ(0x1)\n"
                                 "... 1234 lines omitted ...\n" +
                                     end)),
              ElementsAre("panic_in_benchmark likely"));
}

TEST(CrashLogs, TellTheWordsOfTheRuntimeFromLongerOnes) {
  EXPECT_THAT(causes_behind(passed_on("panic: runtime error: index out of "
                                      "range [5] with length 3")),
              ElementsAre("index_out_of_range likely"));
  EXPECT_THAT(causes_behind(passed_on("panic: runtime error: index out of "
                                      "range [5] with length 3 (the server)")),
              ElementsAre("index_out_of_range possible"));
  EXPECT_TRUE(names_besides(passed_on("panic: send on closed channel"),
                            "panic_in_test"));
  EXPECT_THAT(causes_behind("*** Test killed with quit: ran too long "
                            "(11m0s).\n"),
              Not(ElementsAre("test_timeout certain")));
}

TEST(CrashLogs, ReadTheStackBelowAPanicThatQuotesAnother) {
  EXPECT_THAT(causes_behind("panic: a\n\tfatal error: b\n\t\n\tgoroutine 3 "
                            "[running]:\n\tmain.x()\n\t\t/x.go:3 +0x1 "
                            "[recovered]\n\n"
                            "goroutine 7 [running]:\n" +
                            frame("testing.tRunner.func1.2") + frame("panic") +
                            frame("m/store.TestX") + frame("testing.tRunner") +
                            made_by("testing.(*T).Run")),
              ElementsAre("panic_in_test likely"));
}

TEST(CrashLogs, NameAnExitBesideWhatTheProcessMayHaveRepeated) {
  for (const char* line :
       {"/opt/tool: symbol lookup error: /opt/tool: undefined symbol: f\n",
        "dyld: Library not loaded\n"}) {
    EXPECT_TRUE(names_besides(line, "os_exit_1")) << line;
    EXPECT_TRUE(names_besides(line, "os_exit_n")) << line;
  }
}

TEST(CrashLogs, NameWhatElseEndsBehindALineOfALog) {
  for (const char* id : {"os_exit_n", "sigkill", "exit_hidden"}) {
    EXPECT_TRUE(names_besides("2026/01/02 10:00:00 flushing\n", id)) << id;
  }
  EXPECT_TRUE(names_besides("--- PASS: TestX (0.00s)\nPASS\n", "os_exit_n"));
}

}  // namespace
}  // namespace faultrig
