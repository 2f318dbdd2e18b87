// Logs of real runs, by pairs: one cause is certain, or as sure as its words
// can make it, and the same or nearly the same words by another mechanism are
// not told as that cause, or not as surely. They stand in tests/field.
#include <fcntl.h>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/model/cause.h"
#include "tests/source_dir.h"
#include "tests/unit/explained_log.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string field_log(const std::string& name) {
  auto text = read_file(AT_FDCWD, source_dir() + "/tests/field/" + name);
  return text ? *text : "there is no " + name;
}

std::vector<std::string> causes_of_field(const std::string& name) {
  return causes_of(field_log(name));
}

// Every cause that a log may make certain names who else leaves the same, or
// why nobody does.
TEST(SecondMechanisms, AreNamedOrTheTableSaysWhyThereIsNone) {
  for (const Cause& cause : all_causes()) {
    bool certain = false;
    for (const Sight& sight : cause.sights) {
      certain = certain || sight.sure == Sure::certain;
    }
    EXPECT_TRUE(!certain ||
                cause.alike.also.empty() == !cause.alike.only.empty())
        << cause.id;
    EXPECT_TRUE(certain || cause.alike.only.empty()) << cause.id;
  }
}

struct Pair {
  const char* log;
  const char* causes;
};

TEST(SecondMechanisms, AreToldApartWhereTheTextDecides) {
  const Pair rows[] = {
      // panic("nil") prints what panic(nil) does, less a line.
      {"205-panics-the-word-nil.log", "panic_in_test certain"},
      {"206-panics-with-nil.log", "panic_nil certain"},
      // The runtime dies by a breakpoint of its own.
      {"208-no-stack-on-g0.log", "runtime_fatal certain"},
      {"258-no-stack-on-g0-in-go-1-20.log", "runtime_fatal likely"},
      {"210-breakpoint-in-a-test.log", "breakpoint certain"},
      // The usage of the linker speaks of duplicate symbols.
      {"214-linker-flag-value.log", "tool_flag_unknown certain"},
      {"031-symbol-twice.log", "symbol_twice certain"},
      // cgo speaks below vet's header, too.
      {"061-vet-by-header.log", "vet_failed likely"},
      {"250-name-that-c-lacks.log", "c_compile_error likely"},
      // An older Go compiles what is of a newer one, and says so below.
      {"222-type-error-in-an-old-go.log", "type_error likely"},
      {"224-directive-that-is-none.log", "bad_go_mod possible"},
      // Before the tests the line stands above FAIL, and 66 is the race's own.
      {"263-race-before-the-tests.log", "race_outside_test likely"},
      {"264-race-after-the-tests-halts.log", "race_outside_test certain"},
      // ginkgo's dot for the spec before stands on the line of the crash.
      {"233-ginkgo-spec-failed.log", "ginkgo_failed likely"},
      {"234-ginkgo-concurrent-map.log", "concurrent_map likely"},
      // The stack shows who raised the panic.
      {"269-index-with-every-frame.log", "index_out_of_range certain"},
      {"271-nil-map-with-every-frame.log", "nil_map certain"},
      {"273-wait-group-in-a-goroutine.log", "negative_wait_group certain"},
      {"275-exit-0-in-a-goroutine.log", "os_exit_0_in_test certain"},
      // What panics in a deferred function comes behind the reason.
      {"284-deferred-exit-0-behind-a-nil-pointer.log", "nil_pointer certain"},
      // In assembly the processor faults; Go's own division asks first.
      {"227-quotient-too-large.log", "divide_by_zero likely"}};
  for (const Pair& row : rows) {
    EXPECT_THAT(causes_of_field(row.log), ElementsAre(row.causes)) << row.log;
  }
}

TEST(SecondMechanisms, MakeItLessSureWhereTheTextDoesNotDecide) {
  const Pair rows[] = {
      // A nil pointer where the runtime may not panic; the runtime's own fault.
      {"207-nil-pointer-while-pinned.log", "runtime_fault possible"},
      {"209-wild-pointer-on-g0.log", "runtime_fault possible"},
      // go repeats the warning, whoever printed it.
      {"211-childs-warning-repeated.log", "no_tests_to_run likely"},
      // A panic of the program's own is printed as the runtime's, and a line
      // may be all of a crash.
      {"268-panics-with-the-words-of-an-index.log",
       "index_out_of_range likely"},
      {"270-panics-with-the-words-of-a-nil-map.log", "nil_map likely"},
      {"272-panics-with-the-words-of-a-wait-group.log",
       "negative_wait_group likely"},
      {"274-panics-with-the-words-of-os-exit.log", "os_exit_0_in_test likely"},
      {"276-panics-with-the-words-of-goexit.log", "goexit_in_test likely"},
      {"277-prints-the-words-of-a-deadlock.log", "deadlock likely"},
      {"278-panics-with-two-lines-of-the-runtime.log",
       "go_out_of_memory possible"},
      // Flags of another set, or parsed within a test.
      {"212-another-flag-set.log", "flag_parse_early possible"},
      {"213-parses-within-a-test.log", "bad_test_flag likely"},
      // raise(3), and an assertion whose line is lost.
      {"225-raise-in-c.log", "c_abort likely"},
      {"226-assertion-without-its-line.log", "c_abort likely"},
      // A binary that ran itself exits as it likes behind the child's race.
      {"265-childs-race-beside-a-witness.log", "race_outside_test likely"},
      {"266-race-in-a-childs-test.log", "race_in_test likely"},
      // Far from null it may be the end of a stack.
      {"231-wild-pointer-in-c.log", "c_fault likely"}};
  for (const Pair& row : rows) {
    EXPECT_THAT(causes_of_field(row.log), Contains(row.causes)) << row.log;
  }
}

// A host may say so of a repository that is not there.
TEST(SecondMechanisms, OfARefusalByAHostIsThatThereIsNothing) {
  const std::string words =
      "x.go:3:4: git ls-remote -q https://a.org/b: exit status 128:\n\tfatal: "
      "could not read Username for 'https://a.org': terminal prompts "
      "disabled\n";
  EXPECT_THAT(causes_of("# m/x\n" + words + "FAIL\tm/x [setup failed]\nFAIL\n"),
              ElementsAre("private_module likely"));
}

// With -v a test is seen to have begun.
TEST(SecondMechanisms, SeeThatATestRanWhereGoSaysNoneDid) {
  const std::string ran =
      "=== RUN   TestChild\n\ntesting: warning: no tests to run\nPASS\n"
      "--- PASS: TestChild (0.00s)\nPASS\nok  \tm/x\t0.1s [no tests to run]\n";
  EXPECT_THAT(causes_of(ran), ElementsAre("no_tests_to_run possible"));
  EXPECT_THAT(causes_of("testing: warning: no tests to run\nPASS\n"
                        "ok  \tm/x\t0.1s [no tests to run]\n"),
              ElementsAre("no_tests_to_run certain"));
  EXPECT_THAT(causes_of("ok  \tm/x\t0.1s [no tests to run]\n"),
              ElementsAre("no_tests_to_run likely"));
}

std::string c_fault_at(const std::string& addr) {
  return "SIGSEGV: segmentation violation\nPC=0x540a60 m=0 sigcode=1 addr=" +
         addr +
         "\nsignal arrived during cgo execution\n\n"
         "goroutine 20 gp=0xce6bab00780 m=0 mp=0x6dc040 [syscall]:\n"
         "runtime.cgocall(0x540a60, 0xce6baaacf60)\n\t/go/src/runtime/"
         "cgocall.go:167 +0x4b\nm/x._Cfunc_f()\n\t_cgo_gotypes.go:46 +0x3a\n"
         "m/x.TestX(0x1)\n\t/src/x_test.go:3 +0x1\n"
         "testing.tRunner(0x1, 0x2)\n\t/go/src/testing/testing.go:2036 +0xea\n"
         "\nexit status 2\nFAIL\tm/x\t0.1s\n";
}

TEST(SecondMechanisms, TellAFaultNearNullFromOneThatMayBeAStacksEnd) {
  EXPECT_THAT(causes_of(c_fault_at("0x0")), ElementsAre("c_fault certain"));
  // arm64: stacks are at other addresses than on amd64.
  EXPECT_THAT(causes_of(c_fault_at("0xffffe3b4fff0")),
              ElementsAre("c_fault likely"));
}

// What a witness saw is an end; the words may be those of a child.
TEST(SecondMechanisms, OfAWitnessLieInWhatAChildPrinted) {
  const std::string leaks =
      "PASS\n==7==ERROR: LeakSanitizer: detected memory leaks\n";
  EXPECT_THAT(causes_of(leaks + "faultrig: x.test exited 1, last line "
                                "'PASS'\nFAIL\tm/x\t0.1s\nFAIL\n"),
              ElementsAre("asan_leak likely"));
  const std::string races =
      "race: limit on 8128 simultaneously alive goroutines is exceeded, dying\n"
      "faultrig: x.test exited ";
  EXPECT_THAT(causes_of(races + "66\nFAIL\tm/x\t0.1s\nFAIL\n"),
              ElementsAre("race_goroutines certain"));
  EXPECT_THAT(causes_of(races + "1\nFAIL\tm/x\t0.1s\nFAIL\n"),
              ElementsAre("race_goroutines likely"));
  // 127 is the loader's end, and no leak's.
  EXPECT_THAT(causes_of(leaks + "faultrig: x.test exited 127, last line "
                                "'PASS'\nFAIL\tm/x\t0.1s\nFAIL\n"),
              ElementsAre("asan_leak likely"));
}

std::string panic_of(const std::string& words) {
  return "--- FAIL: TestX (0.00s)\npanic: " + words +
         " [recovered, repanicked]\n\ngoroutine 7 [running]:\n"
         "testing.tRunner.func1.2({0x1, 0x2})\n"
         "\t/go/src/testing/testing.go:1974 +0x232\n"
         "m/x.TestX(0x1)\n\t/src/x_test.go:3 +0x1\n"
         "\nexit status 2\nFAIL\tm/x\t0.1s\n";
}

// Where it was raised is known all the same.
TEST(SecondMechanisms, OfARuntimesPanicAreToldByThePlaceOfIt) {
  auto besides = [](const std::string& name) {
    std::vector<std::string> out;
    const Explanation one = explained(field_log(name)).explanations.at(0);
    for (const Cause* cause : one.among) {
      out.push_back(cause->id);
    }
    return out;
  };
  EXPECT_THAT(
      besides("270-panics-with-the-words-of-a-nil-map.log"),
      ElementsAre("panic_in_test", "panic_in_goroutine", "panic_in_init"));
  EXPECT_THAT(besides("274-panics-with-the-words-of-os-exit.log"),
              Contains("panic_in_testmain"));
  EXPECT_THAT(besides("277-prints-the-words-of-a-deadlock.log"),
              Contains("os_exit_2"));
  EXPECT_THAT(besides("271-nil-map-with-every-frame.log"), IsEmpty());
}

// Without -v a test may print what go would, and a directive any text.
TEST(SecondMechanisms, OfABuildAreWordsThatATestOrTheProgramChose) {
  EXPECT_THAT(causes_of_field("279-test-runs-go-test.log"),
              ElementsAre("type_error possible", "vet_failed possible",
                          "nil_pointer possible", "failed_test likely"));
  EXPECT_THAT(causes_of_field("280-green-test-runs-go-test.log"),
              ElementsAre("type_error possible", "vet_failed possible",
                          "nil_pointer possible"));
  EXPECT_THAT(causes_of_field("281-error-directive-speaks-of-a-disk.log"),
              ElementsAre("c_compile_error certain"));
  EXPECT_THAT(causes_of_field("282-warning-directive-speaks-of-a-kill.log"),
              ElementsAre("type_error certain"));
  const std::string built =
      "# m/a\na.go:1:2: undefined: x\nFAIL\tm/a [build failed]\n";
  const std::string bad = "--- FAIL: TestX (0.00s)\nFAIL\nFAIL\tm/b\t0.1s\n";
  EXPECT_THAT(causes_of(built + "ok  \tm/b\t0.1s\nFAIL\n"),
              ElementsAre("undefined_name certain"));
  EXPECT_THAT(causes_of(built + bad + "FAIL\n"),
              ElementsAre("undefined_name likely", "failed_test likely"));
  EXPECT_THAT(causes_of(built + "=== RUN   TestX\n" + bad + "FAIL\n"),
              ElementsAre("undefined_name certain", "failed_test likely"));
}

// The runtime has three forms of a type assertion that fails.
TEST(SecondMechanisms, OfATypeAssertionAreOtherWordsBehindItsHead) {
  const std::string head = "interface conversion: ";
  for (const char* words :
       {"interface {} is int, not string", "interface is nil, not m.I",
        "m.T is not m.I: missing method F"}) {
    EXPECT_THAT(causes_of(panic_of(head + words)),
                ElementsAre("type_assertion likely"))
        << words;
  }
  EXPECT_THAT(causes_of(panic_of(head + "no such form")),
              ElementsAre("type_assertion possible"));
}

// What became of go (a signal), of the test, and of what they had started.
std::vector<std::string> causes_of_ends(int go, int test, bool left) {
  TraceBuilder trace;
  if (test != 0) {
    trace.killed("test", test, "x.test");
  }
  trace.killed("go", go);
  if (left) {
    trace.add(Fact::leftover, "", 7, "sleep");
  }
  return causes_in(explainer().explain(trace.evidence()));
}

// A daemon of the test that is left does not mean that the test lived on, and
// a go that was ended while it built tells of no test.
TEST(SecondMechanisms, OfAnEndOfGoAreToldByTheTestsOwn) {
  constexpr int kTerm = 15;
  EXPECT_THAT(causes_of_ends(kTerm, 0, true),
              ElementsAre("term_to_go certain"));
  EXPECT_THAT(causes_of_ends(kTerm, kTerm, true),
              ElementsAre("term_to_all likely"));
  EXPECT_THAT(causes_of_ends(kTerm, kTerm, false),
              ElementsAre("term_to_all certain"));
  EXPECT_THAT(causes_of_ends(kTerm, 0, false),
              ElementsAre("term_to_all possible"));
}

// Whoever started it may say `signal: killed` itself, and exit 1.
TEST(SecondMechanisms, OfADeadExecProgramAreItsOwnWords) {
  TraceBuilder trace;
  trace.exited("go", 1);
  trace.parts.out = "signal: killed\nFAIL\tm/x\t0.1s\nFAIL\n";
  EXPECT_THAT(causes_in(explainer().explain(trace.evidence())),
              ElementsAre("exec_killed likely"));
}

// The kernel sends SIGKILL at a hard limit of CPU time.
TEST(SecondMechanisms, OfASigkillAreLimitsOfCpuTime) {
  TraceBuilder trace;
  trace.killed("test", 9, "x.test").exited("go", 1);
  trace.parts.out = "signal: killed\nFAIL\tm/x\t0.1s\nFAIL\n";
  Explained told = explainer().explain(trace.evidence());
  EXPECT_THAT(causes_in(told), ElementsAre("killed_from_outside likely"));
  ASSERT_EQ(told.explanations.size(), 1U);
  ASSERT_EQ(told.explanations[0].among.size(), 1U);
  EXPECT_EQ(told.explanations[0].among[0]->id, "cpu_limit");
}

}  // namespace
}  // namespace faultrig
