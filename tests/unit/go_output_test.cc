#include "harness/judge/go_output.h"

#include <chrono>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tests/source_dir.h"

namespace faultrig {
namespace {

// What a real Go printed; paths are shortened.
GoOutput dump(const std::string& name) {
  std::ifstream file(source_dir() + "/tests/unit/testdata/" + name + ".txt");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_FALSE(text.empty()) << name;
  return parse_go_output(text);
}

std::string top(const GoOutput& output, std::size_t crash = 0) {
  const GoCrash& one = output.crashes.at(crash);
  if (one.first == one.end) {
    return "";
  }
  const Frame* frame = top_frame(output.goroutines.at(one.first));
  return frame == nullptr ? "" : frame->function;
}

std::string class_of(const GoOutput& output, const std::string& function) {
  for (const Goroutine& goroutine : output.goroutines) {
    for (const Frame& frame : goroutine.frames) {
      if (names_function(frame.function, function)) {
        return std::string(goroutine.state_class);
      }
    }
  }
  return "no such goroutine";
}

class EveryGo : public testing::TestWithParam<const char*> {
 protected:
  GoOutput dump_of(const std::string& deed) const {
    return dump(std::string(GetParam()) + "_" + deed);
  }
};

INSTANTIATE_TEST_SUITE_P(GoOutput, EveryGo, testing::Values("go1.19", "go1.26"),
                         [](const auto& version) {
                           return std::string(version.param) == "go1.19"
                                      ? "Go119"
                                      : "Go126";
                         });

TEST_P(EveryGo, ShowsTheFunctionAtTheTopOfAPanic) {
  GoOutput output = dump_of("nilderef");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].kind, CrashKind::panic);
  EXPECT_NE(output.crashes[0].text.find("nil pointer dereference"),
            std::string::npos);
  EXPECT_NE(output.crashes[0].text.find("[signal SIGSEGV"), std::string::npos);
  EXPECT_EQ(top(output), "example.com/deeds/nilderef.last");
  const Goroutine& first = output.goroutines.at(0);
  EXPECT_EQ(first.state, "running");
  EXPECT_EQ(first.created_by, "testing.(*T).Run");
  EXPECT_EQ(first.frames[4].function, "example.com/deeds/nilderef.TestNil");
  EXPECT_EQ(first.frames[4].file, "/src/deeds/nilderef/nilderef_test.go");
  EXPECT_EQ(first.frames[4].line, 5);
}

TEST_P(EveryGo, KeepsNestedPanicsAndLinesTogether) {
  GoOutput output = dump_of("nested");
  ASSERT_EQ(output.crashes.size(), 1u);
  const std::string& text = output.crashes[0].text;
  EXPECT_EQ(text.substr(0, 5), "first");
  EXPECT_NE(text.find("panic: second"), std::string::npos);
  EXPECT_NE(text.find("over two lines"), std::string::npos);
  EXPECT_EQ(output.crashes[0].headline(), "panic: first [recovered]");
  EXPECT_EQ(top(output), "example.com/deeds/nested.inner.func1");
}

TEST_P(EveryGo, SortsTheStatesOfADeadlockIntoTheSameClasses) {
  GoOutput output = dump_of("deadlock");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].headline(),
            "fatal error: all goroutines are asleep - deadlock!");
  EXPECT_EQ(output.crashes[0].end, output.goroutines.size());
  EXPECT_EQ(output.goroutines.size(), 9u);
  EXPECT_EQ(class_of(output, "blockForever"), "chan receive");
  EXPECT_EQ(class_of(output, "blockForever.func1"), "mutex");
  EXPECT_EQ(class_of(output, "blockForever.func2"), "waitgroup");
  EXPECT_EQ(class_of(output, "blockForever.func3"), "chan send");
  EXPECT_EQ(class_of(output, "blockForever.func4"), "select");
  EXPECT_EQ(class_of(output, "blockForever.func5"), "cond");
  EXPECT_EQ(class_of(output, "blockForever.func6"), "mutex");
  EXPECT_EQ(class_of(output, "blockForever.func7"), "chan receive");
  EXPECT_EQ(output.goroutines.back().state, "chan receive (nil chan)");
}

TEST_P(EveryGo, ReadsTheDumpOfSigquit) {
  GoOutput output = dump_of("sigquit");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].kind, CrashKind::signal);
  EXPECT_EQ(output.crashes[0].headline(), "SIGQUIT: quit");
  EXPECT_EQ(class_of(output, "testing.(*M).Run"), "chan receive");
  EXPECT_EQ(class_of(output, "sigquit.TestQuit.func1"), "syscall");
  EXPECT_EQ(class_of(output, "runtime.forcegchelper"), "runtime");
  for (const Goroutine& goroutine : output.goroutines) {
    EXPECT_EQ(goroutine.locked, goroutine.state == "syscall");
  }
}

TEST_P(EveryGo, ShowsTheCallIntoCThatCrashed) {
  GoOutput output = dump_of("cgo");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_NE(output.crashes[0].text.find("SIGSEGV"), std::string::npos);
  EXPECT_EQ(top(output), "example.com/deeds/cgo._Cfunc_crash");
}

TEST_P(EveryGo, ShowsWhichFunctionOverflowedTheStack) {
  GoOutput output = dump_of("stack");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].headline(), "fatal error: stack overflow");
  EXPECT_NE(output.crashes[0].text.find("stack exceeds 1048576-byte limit"),
            std::string::npos);
  EXPECT_EQ(top(output), "example.com/deeds/stack.deeper");
  EXPECT_EQ(class_of(output, "deeper"), "running");
}

TEST_P(EveryGo, LooksThroughSyncToWhoUnlockedTwice) {
  GoOutput output = dump_of("unlock");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].text, "sync: unlock of unlocked mutex");
  EXPECT_EQ(top(output), "example.com/deeds/unlock.TestUnlock");
}

TEST_P(EveryGo, ReadsATestThatTimedOut) {
  GoOutput output = dump_of("timeout");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].headline(), "panic: test timed out after 300ms");
  EXPECT_EQ(class_of(output, "TestSlow"), "sleep");
  EXPECT_EQ(class_of(output, "net.(*TCPListener).Accept"), "io");
}

TEST_P(EveryGo, ReadsAPanicBehindTheNameOfABenchmark) {
  GoOutput output = dump_of("benchmark");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].kind, CrashKind::panic);
  EXPECT_EQ(output.crashes[0].headline(),
            "panic: runtime error: invalid memory address or nil pointer "
            "dereference");
  EXPECT_NE(output.crashes[0].text.find("[signal SIGSEGV"), std::string::npos);
  EXPECT_EQ(top(output), "example.com/deeds/benchmark.BenchmarkNil");
}

TEST(GoOutput, ReadsAPanicInAGenericMethod) {
  GoOutput output = dump("go1.26_background");
  EXPECT_EQ(top(output), "example.com/deeds/background.(*worker[...]).run");
  EXPECT_TRUE(names_function(top(output), "(*worker).run"));
  EXPECT_EQ(output.goroutines.at(0).created_by,
            "example.com/deeds/background.TestBackground");
}

TEST(GoOutput, LooksThroughTheMapThatWasWrittenTwice) {
  EXPECT_EQ(top(dump("go1.26_mapwrite")),
            "example.com/deeds/mapwrite.TestMap.func1");
}

TEST(GoOutput, IgnoresWhatOnlyLooksLikeACrash) {
  GoOutput output = parse_go_output(
      "log: panic: not at the start\n"
      "main.c:1:2: fatal error: x.h: No such file\n"
      "SIGTERM: shutting down\n"
      "got goroutine 7 [running]:\n"
      "goroutine 8 [running]\n"
      "goroutines: 9\n");
  EXPECT_TRUE(output.crashes.empty());
  EXPECT_TRUE(output.goroutines.empty());
}

TEST(GoOutput, TakesMarkedLinesAndCarriageReturns) {
  GoOutput output = parse_go_output(
      "\x16panic: boom\r\n\r\ngoroutine 1 [running]:\r\n"
      "main.main()\r\n\t/src/main.go:3 +0x1d\r\n");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].text, "boom");
  ASSERT_EQ(output.goroutines.size(), 1u);
  EXPECT_EQ(output.goroutines[0].frames.at(0).file, "/src/main.go");
  EXPECT_EQ(output.goroutines[0].frames.at(0).line, 3);
}

// testing indents what a test logs, whatever it is.
TEST(GoOutput, TakesNothingThatIsIndentedForACrash) {
  for (const char* indent : {"    ", "        ", "\t", "  ", "\x16    "}) {
    std::string text;
    for (const char* line :
         {"panic: boom", "", "goroutine 1 [running]:", "main.main()",
          "\t/src/main.go:3 +0x1d", "fatal error: all goroutines are asleep",
          "SIGQUIT: quit", "PC=0x1", "", "goroutine 2 [select]:"}) {
      text += std::string(indent) + line + "\n";
    }
    GoOutput output = parse_go_output("=== RUN   TestX\n" + text + "PASS\n");
    EXPECT_TRUE(output.crashes.empty()) << indent;
    EXPECT_TRUE(output.goroutines.empty()) << indent;
  }
}

// Go 1.23 and later indent a value of several lines by a tab.
TEST(GoOutput, TakesNoStackInAValueForOneOfThePanics) {
  GoOutput output = parse_go_output(
      "panic: boom\n\tgoroutine 7 [select]:\n\tevil.loop()\n"
      "\t\t/src/evil.go:3 +0x1d\n\t\n\tfatal error: no\n\n"
      "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1d\n"
      "\tevil.loop()\nexit status 2\n");
  ASSERT_EQ(output.crashes.size(), 1u);
  ASSERT_EQ(output.goroutines.size(), 1u);
  EXPECT_EQ(output.goroutines[0].state, "running");
  EXPECT_EQ(output.goroutines[0].frames.size(), 1u);
}

TEST(GoOutput, ReadsEveryHeadlineBehindTheNameOfABenchmark) {
  for (const char* name : {"", "BenchmarkX-2   \t", "BenchmarkX   \t",
                           "    BenchmarkX-2 \t", "BenchmarkX-2 \t\x16"}) {
    auto headline = [&](const std::string& text) {
      GoOutput output = parse_go_output("pkg: a\n" + (name + text) +
                                        "\n\ngoroutine 1 [running]:\nm.a()\n");
      return output.crashes.size() == 1 && top(output) == "m.a"
                 ? output.crashes[0].headline()
                 : "";
    };
    EXPECT_EQ(headline("panic: boom"), "panic: boom") << name;
    EXPECT_EQ(headline("fatal error: x"), "fatal error: x") << name;
    EXPECT_EQ(headline("SIGQUIT: quit\nPC=0x1 m=0"), "SIGQUIT: quit") << name;
  }
}

TEST(GoOutput, ReadsAnyLineBehindTheNameOfABenchmark) {
  GoOutput output = parse_go_output(
      "SIGABRT: abort\nBenchmarkX-2 \tPC=0x1 m=0\n\n"
      "BenchmarkX-2 \tgoroutine 1 [running]:\n"
      "BenchmarkX-2 \tm.a()\n\t/src/a.go:7 +0x1\n"
      "BenchmarkX-2 \tpanic: a\nBenchmarkX-2 \t\tpanic: b\n");
  ASSERT_EQ(output.crashes.size(), 2u);
  EXPECT_EQ(output.crashes[0].text, "SIGABRT: abort\nPC=0x1 m=0");
  EXPECT_EQ(output.goroutines.at(0).frames.at(0).line, 7);
  EXPECT_EQ(output.crashes[1].text, "a\npanic: b");
}

TEST(GoOutput, TakesNoResultOfABenchmarkForACrash) {
  GoOutput output = parse_go_output(
      "BenchmarkX-2   \t    1000\t       123 ns/op\n"
      "BenchmarkX-2   \n"
      "BenchmarkPanic: boom\n"
      "Benchmark panic: boom\n"
      "Benchmarking\tpanic: boom\n"
      "2026/01/02 10:11:12 BenchmarkX-2 \tpanic: boom\n"
      "BenchmarkX-2 \tlog: panic: boom\n");
  EXPECT_TRUE(output.crashes.empty());
}

TEST(GoOutput, ReadsEverythingInTheBrackets) {
  GoOutput output = parse_go_output(
      "goroutine 12 gp=0xc000 m=3 mp=0xc01 [select (no cases) (scan), "
      "7 minutes, locked to thread, synctest bubble 4]:\n"
      "goroutine 13 [sync.Mutex.Lock (durable)] {\"job\": \"x\"}:\n");
  ASSERT_EQ(output.goroutines.size(), 2u);
  EXPECT_EQ(output.goroutines[0].id, 12);
  EXPECT_EQ(output.goroutines[0].state, "select (no cases)");
  EXPECT_EQ(output.goroutines[0].minutes, 7);
  EXPECT_TRUE(output.goroutines[0].locked);
  EXPECT_EQ(output.goroutines[1].state, "sync.Mutex.Lock");
  EXPECT_EQ(output.goroutines[1].state_class, "mutex");
}

TEST(GoOutput, GoesOnBehindForeignLines) {
  GoOutput output = parse_go_output(
      "panic: x\n\ngoroutine 1 [running]:\n"
      "another process says (hello)\n"
      "main.f(0x1)\n"
      "2026/01/02 10:11:12 noise\n"
      "\t/src/a.go:7 +0x1\nmain.main()\n");
  ASSERT_EQ(output.goroutines.size(), 1u);
  ASSERT_EQ(output.goroutines[0].frames.size(), 2u);
  EXPECT_EQ(output.goroutines[0].frames[1].function, "main.main");
}

TEST(GoOutput, GivesEachCrashItsOwnGoroutines) {
  GoOutput output = parse_go_output(
      "panic: a\n\ngoroutine 1 [running]:\nm.a()\n\n"
      "panic: b\n\ngoroutine 2 [running]:\nm.b()\n");
  ASSERT_EQ(output.crashes.size(), 2u);
  EXPECT_EQ(top(output, 0), "m.a");
  EXPECT_EQ(top(output, 1), "m.b");
  EXPECT_EQ(output.crashes[0].end, 1u);
}

TEST(GoOutput, StopsAPanicWithoutATraceAtGosOwnLines) {
  GoOutput output = parse_go_output("panic: a\nexit status 2\nFAIL\tp\n");
  ASSERT_EQ(output.crashes.size(), 1u);
  EXPECT_EQ(output.crashes[0].text, "a");
}

TEST(GoOutput, DecodesDotsInPackagePaths) {
  GoOutput output = parse_go_output(
      "goroutine 1 [running]:\ngopkg.in/yaml%2ev3.Parse(0x1)\n");
  EXPECT_EQ(output.goroutines.at(0).frames.at(0).function,
            "gopkg.in/yaml.v3.Parse");
}

TEST(GoOutput, TakesNumbersOfAnySize) {
  GoOutput output = parse_go_output(
      "goroutine 99999999999999999999 [running]:\n"
      "goroutine 1 [sleep, 99999999999999999999 minutes]:\n"
      "m.f()\n\t/a.go:99999999999999999999\n");
  ASSERT_EQ(output.goroutines.size(), 1u);
  EXPECT_EQ(output.goroutines[0].minutes, 0);
  EXPECT_EQ(output.goroutines[0].frames.at(0).line, 0);
}

TEST(GoOutput, IsBoundedAndLinear) {
  std::string text;
  while (text.size() < 4u << 20) {
    text += "panic: x\n\tpanic: y\ngoroutine 1 [a]:\na.b()\n";
  }
  text += std::string(4 << 20, '(');
  GoOutput output = parse_go_output(text);
  EXPECT_LE(output.crashes.size(), 256u);
  EXPECT_LE(output.goroutines.size(), 100'000u);
}

TEST(FunctionName, MatchesFromABoundaryOn) {
  const char* full = "example.com/deeds/stack.(*T).Run.func1";
  EXPECT_TRUE(names_function(full, full));
  EXPECT_TRUE(names_function(full, "stack.(*T).Run.func1"));
  EXPECT_TRUE(names_function(full, "(*T).Run.func1"));
  EXPECT_TRUE(names_function(full, "func1"));
  EXPECT_FALSE(names_function(full, "tack.(*T).Run.func1"));
  EXPECT_FALSE(names_function(full, "Run"));
  EXPECT_FALSE(names_function(full, ""));
  EXPECT_FALSE(names_function("m.TestDeeper", "TestDeep"));
  EXPECT_TRUE(names_function("m.Map[...]", "Map"));
  EXPECT_TRUE(names_function("m.Map[...].func1", "Map.func1"));
}

// runtime.Stack, called by a deferred function: the runtime itself would tell
// of two panics there.
TEST(GoOutput, KnowsThePanicThatAProgramPrintedByItsStack) {
  const std::string stack =
      "\ngoroutine 7 [running]:\nm.TestA.func1()\n\t/m/a_test.go:9 +0x1d\n"
      "panic({0x4f, 0x5a})\n\t/go/panic.go:783 +0x132\nm.TestA(0xc0)\n"
      "\t/m/a_test.go:12 +0x2a\n";
  for (auto [head, printed] :
       {std::pair{"panic: boom\n", true},
        std::pair{"panic: boom [recovered]\n\tpanic: again\n", false},
        std::pair{"panic: boom [recovered, repanicked]\n", false},
        std::pair{"panic: boom\n\tpanic: in a deferred one\n", false}}) {
    GoOutput output = parse_go_output(head + stack);
    ASSERT_EQ(output.crashes.size(), 1u) << head;
    EXPECT_EQ(output.crashes[0].by_program, printed) << head;
  }
}

}  // namespace
}  // namespace faultrig
