#include "harness/explain/log_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/explain/log_line.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<Seen> read(std::string_view log, std::size_t piece = 7) {
  std::vector<Seen> out;
  LogReader reader([&](Seen seen) { out.push_back(std::move(seen)); });
  for (; !log.empty(); log.remove_prefix(std::min(piece, log.size()))) {
    reader.feed(log.substr(0, piece));
  }
  reader.finish();
  return out;
}

const std::string kDump =
    "\ngoroutine 6 [running]:\nexample.com/m.TestX(0x1)\n\t/m/x_test.go:7 "
    "+0x1\n";

TEST(LogReader, CutsALogAtItsResults) {
  auto seen = read(
      "ok  \texample.com/a\t0.1s\n--- FAIL: TestX (0.00s)\n    x_test.go:3: "
      "no\nFAIL\nFAIL\texample.com/b\t0.2s\n?   \texample.com/c\t[no test "
      "files]\nok  \texample.com/d\t(cached) [no tests to run]\nFAIL\n");
  ASSERT_THAT(seen, SizeIs(4));
  EXPECT_EQ(seen[0].verdict, "ok");
  EXPECT_EQ(seen[0].test, "0");
  EXPECT_EQ(seen[1].package, "example.com/b");
  EXPECT_EQ(seen[1].verdict, "fail");
  EXPECT_EQ(seen[1].finished, "FAIL");
  EXPECT_THAT(seen[1].failed_tests, ElementsAre("TestX"));
  EXPECT_EQ(seen[2].verdict, "no_test_files");
  EXPECT_EQ(seen[3].verdict, "no_tests_to_run");
  EXPECT_TRUE(seen[3].cached);
}

TEST(LogReader, SeesTheStatusThatGoShows) {
  EXPECT_EQ(read("exit status 255\nFAIL\ta\t0.1s\n")[0].test, "255");
  EXPECT_EQ(read("endexit status 3\nFAIL\ta\t0.1s\n")[0].test, "unknown");
  EXPECT_EQ(read("signal: killed\nFAIL\ta\t0.1s\n")[0].test, "SIGKILL");
  EXPECT_EQ(read("signal: aborted (core dumped)\nFAIL\ta\t1s\n")[0].test,
            "SIGABRT");
  EXPECT_EQ(read("hello\nFAIL\ta\t0.1s\n")[0].test, "unknown");
}

TEST(LogReader, TakesACrashOnlyWithItsStack) {
  auto real = read(
      "--- FAIL: TestX (0.00s)\npanic: no [recovered]\n\tpanic: "
      "no\n" +
      kDump + "FAIL\ta\t0.1s\n");
  ASSERT_THAT(real[0].crash, SizeIs(2));
  EXPECT_EQ(real[0].crash[0].text, "panic: no [recovered]");
  EXPECT_EQ(real[0].crash[0].number, 2);
  EXPECT_THAT(real[0].frames, ElementsAre("example.com/m.TestX"));
  EXPECT_THAT(read("panic: at the disco\nFAIL\ta\t0.1s\n")[0].crash, IsEmpty());
}

// A log of `go test -bench` in which `said` stands behind the benchmark's name.
std::string benchmark_log(const std::string& said, const std::string& stamp) {
  std::string text = "goos: linux\nBenchmarkX-2   \t" + said;
  std::string out;
  for (std::string_view line : lines_of(text)) {
    out += stamp + std::string(line) + "\n";
  }
  return out;
}

TEST(LogReader, SeesACrashBehindTheNameOfABenchmark) {
  for (const char* stamp : {"", "2026-01-02T03:04:05.6789012Z ", "03:04:05 "}) {
    for (const char* headline :
         {"panic: boom", "fatal error: all goroutines are asleep - deadlock!",
          "SIGQUIT: quit"}) {
      auto seen = read(benchmark_log(
          headline + ("\n" + kDump) + "exit status 2\nFAIL\ta\t0.1s\n", stamp));
      ASSERT_THAT(seen, SizeIs(1)) << stamp;
      ASSERT_THAT(seen[0].crash, SizeIs(1)) << stamp << headline;
      EXPECT_EQ(seen[0].crash[0].text, headline);
      EXPECT_EQ(seen[0].crash[0].number, 2);
      EXPECT_THAT(seen[0].frames, ElementsAre("example.com/m.TestX"));
    }
  }
}

TEST(LogReader, SeesACrashBehindANameInPiecesOfJson) {
  auto event = [](const std::string& output) {
    return R"({"Action":"output","Package":"a","Output":")" + output + "\"}\n";
  };
  const std::string rest =
      event(R"(\n)") + event(R"(goroutine 6 [running]:\n)") +
      event(R"(example.com/m.BenchmarkX(0x1)\n\t/m/x_test.go:7 +0x1\n)") +
      event(R"(exit status 2\n)") + event(R"(FAIL\ta\t0.1s\n)") +
      R"({"Action":"fail","Package":"a"})" + "\n";
  for (const std::string& headline :
       {event(R"(BenchmarkX-2   \tpanic: boom\n)"),
        event(R"(BenchmarkX-2   \t)") + event(R"(panic: boom\n)"),
        event(R"(BenchmarkX-2 )") + event(R"(  \tpa)") +
            event(R"(nic: boom\n)"),
        event(R"(panic: boom\n)")}) {
    auto seen = read(headline + rest);
    ASSERT_THAT(seen, SizeIs(1)) << headline;
    ASSERT_THAT(seen[0].crash, SizeIs(1)) << headline;
    EXPECT_EQ(seen[0].crash[0].text, "panic: boom");
    EXPECT_THAT(seen[0].frames, ElementsAre("example.com/m.BenchmarkX"));
  }
}

TEST(LogReader, SeesAnEndBehindTheNameOfABenchmark) {
  EXPECT_EQ(read(benchmark_log("signal: killed\nFAIL\ta\t0.1s\n", ""))[0].test,
            "SIGKILL");
  auto failed =
      read(benchmark_log("--- FAIL: BenchmarkX-2\nFAIL\nFAIL\ta\t0.1s\n", ""));
  EXPECT_THAT(failed[0].failed_tests, ElementsAre("BenchmarkX-2"));
  auto green = read(benchmark_log("ok  \ta\t0.1s\n", ""));
  ASSERT_THAT(green, SizeIs(1));
  EXPECT_EQ(green[0].package, "a");
  EXPECT_EQ(green[0].verdict, "ok");
}

TEST(LogReader, TakesNoResultOfABenchmarkForACrash) {
  auto seen =
      read(benchmark_log("    1000\t       123 ns/op\nBenchmark panic: boom\n" +
                             kDump + "FAIL\ta\t0.1s\n",
                         ""));
  EXPECT_THAT(seen[0].crash, IsEmpty());
  EXPECT_EQ(seen[0].printed.at(1).text,
            "BenchmarkX-2   \t    1000\t       123 ns/op");
}

TEST(LogReader, TakesNoCrashOfAProcessThatGoesOn) {
  for (const char* word :
       {"=== RUN   TestY\n", "--- PASS: TestX (0.00s)\n", "PASS\n", "FAIL\n"}) {
    auto seen = read("=== RUN   TestX\npanic: only text\n" + kDump + word +
                     "FAIL\ta\t0.1s\n");
    EXPECT_THAT(seen[0].crash, IsEmpty()) << word;
  }
}

TEST(LogReader, TakesNoCrashThatTheStatusDenies) {
  auto seen =
      read("panic: only text\n" + kDump + "exit status 3\nFAIL\ta\t0.1s\n");
  EXPECT_EQ(seen[0].test, "3");
  EXPECT_THAT(seen[0].crash, IsEmpty());
}

TEST(LogReader, BelievesNoFailureOfATestThatNeverBegan) {
  auto seen = read(
      "=== RUN   TestX\n--- FAIL: TestFake (0.00s)\n--- FAIL: TestX (0.00s)\n"
      "--- PASS: TestX (0.00s)\nPASS\nok  \ta\t0.1s\n");
  EXPECT_THAT(seen[0].failed_tests, IsEmpty());
  EXPECT_EQ(seen[0].finished, "PASS");
}

TEST(LogReader, KnowsABenchmarkThatEndsWithTheNumberOfItsProcs) {
  auto seen = read(
      "=== RUN   BenchmarkX\nBenchmarkX\n--- FAIL: BenchmarkX-16\nFAIL\n"
      "FAIL\ta\t0.1s\n");
  EXPECT_THAT(seen[0].failed_tests, ElementsAre("BenchmarkX"));
  EXPECT_THAT(seen[0].unfinished_tests, IsEmpty());
  auto other = read(
      "=== RUN   TestX\n--- FAIL: TestX-16\n=== RUN   BenchmarkY\n"
      "--- FAIL: BenchmarkY-\nFAIL\nFAIL\ta\t0.1s\n");
  EXPECT_THAT(other[0].failed_tests, IsEmpty());
}

TEST(LogReader, SeesATestWithoutAnEnd) {
  auto seen = read(
      "=== RUN   TestX\n=== RUN   TestX/deep\nexiting\nok  \ta\t"
      "0.1s\n");
  EXPECT_THAT(seen[0].unfinished_tests, ElementsAre("TestX", "TestX/deep"));
  EXPECT_EQ(seen[0].finished, "none");
}

TEST(LogReader, TakesAResultThatATestPrintedForText) {
  auto seen = read(
      "=== RUN   TestX\nFAIL\texample.com/other\t0.1s\nmore\n--- PASS: TestX "
      "(0.00s)\nPASS\nok  \ta\t0.1s\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].package, "a");
  EXPECT_THAT(seen[0].unfinished_tests, IsEmpty());
}

TEST(LogReader, GivesBuildLinesToTheirPackage) {
  auto seen = read(
      "# example.com/b [example.com/b.test]\n./x_test.go:5:2: undefined: y\n"
      "ok  \texample.com/a\t0.1s\nFAIL\texample.com/b [build failed]\n");
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_THAT(seen[0].built, IsEmpty());
  ASSERT_THAT(seen[1].built, SizeIs(2));
  EXPECT_EQ(seen[1].built[1].text, "./x_test.go:5:2: undefined: y");
  EXPECT_EQ(seen[1].test, "never_started");
}

TEST(LogReader, JoinsABuildThatFailedElsewhere) {
  auto seen = read(
      R"({"ImportPath":"n","Action":"build-output","Output":"x.go:9:2: no\n"})"
      "\n"
      R"({"Action":"output","Package":"a","Output":"FAIL\ta [setup failed]\n"})"
      "\n"
      R"({"Action":"fail","Package":"a","FailedBuild":"n"})"
      "\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].verdict, "setup_failed");
  ASSERT_THAT(seen[0].built, SizeIs(1));
}

// A log that was cut lacks the header of the first; the second's is linked.
TEST(LogReader, GivesNoPackageTheLinkersLinesOfAnother) {
  auto seen = read(
      "./x.go:3:4: not enough arguments in call to f\n"
      "FAIL\texample.com/a [build failed]\n# example.com/b.test\n"
      "/usr/bin/ld: x.o: undefined reference to `f'\n"
      "FAIL\texample.com/b [build failed]\nFAIL\n");
  ASSERT_GE(seen.size(), 2U);
  for (const LogLine& line : seen[0].built) {
    EXPECT_EQ(line.number, 1) << line.text;
  }
  seen = read(
      "FAIL\texample.com/a [build failed]\n# example.com/b\n"
      "./b.go:1:1: undefined: x\nFAIL\texample.com/b [build failed]\n");
  ASSERT_GE(seen.size(), 2U);
  EXPECT_TRUE(seen[0].guessed);
}

TEST(LogReader, JoinsTheLinkersLines) {
  auto seen = read(
      "# a.test\n/usr/bin/ld: cannot find -lnowhere\nFAIL\ta [build failed]\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_THAT(seen[0].built, SizeIs(2));
}

TEST(LogReader, UnmixesThePackagesOfJson) {
  auto event = [](const std::string& package, const std::string& output) {
    return R"({"Action":"output","Package":")" + package + R"(","Output":")" +
           output + "\"}\n";
  };
  auto end = [](const std::string& package, const std::string& action) {
    return R"({"Action":")" + action + R"(","Package":")" + package + "\"}\n";
  };
  auto seen =
      read(event("a", R"(=== RUN   TestA\n)") + event("b", R"(sig)") +
           "not json at all\n" + event("b", R"(nal: killed\nFAIL\tb\t0.1s\n)") +
           event("a", R"(--- PASS: TestA (0.00s)\nPASS\n)") + end("b", "fail") +
           event("a", R"(ok  \ta\t0.1s\n)") + end("a", "pass"));
  ASSERT_THAT(seen, SizeIs(3));
  EXPECT_EQ(seen[0].package, "b");
  EXPECT_EQ(seen[0].test, "SIGKILL");
  EXPECT_EQ(seen[1].package, "a");
  EXPECT_EQ(seen[1].finished, "PASS");
  EXPECT_EQ(seen[2].package, "");
}

TEST(LogReader, TakesEventsThatATestPrintedForText) {
  auto seen = read(
      "=== RUN   TestX\n"
      R"({"Action":"output","Package":"b","Output":"signal: killed\n"})"
      "\n"
      R"({"Action":"fail","Package":"b"})"
      "\n--- PASS: TestX (0.00s)\nPASS\nok  \ta\t0.1s\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].verdict, "ok");
}

TEST(LogReader, TellsOfWhatHadNoResult) {
  auto seen = read("=== RUN   TestX\npanic: cut\n" + kDump);
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].verdict, "none");
  EXPECT_THAT(seen[0].crash, SizeIs(1));
}

TEST(LogReader, ReadsWhatCiSystemsKeep) {
  const std::string stamps[] = {"2026-01-02T03:04:05.6789012Z ",
                                "2026-01-02T03:04:05.678901Z 01O ",
                                "[2026-01-02T03:04:05.678Z] ", "03:04:05 "};
  for (const std::string& stamp : stamps) {
    auto seen = read(stamp + "\x1b[31m--- FAIL: TestX (0.00s)\x1b[0m\r\n" +
                     stamp + "FAIL\r\n" + stamp + "FAIL\ta\t0.1s\r\n");
    ASSERT_THAT(seen, SizeIs(1)) << stamp;
    EXPECT_EQ(seen[0].verdict, "fail") << stamp;
    EXPECT_THAT(seen[0].failed_tests, ElementsAre("TestX")) << stamp;
  }
}

TEST(LogReader, LeavesAProgramItsOwnTimeStamps) {
  auto seen = read("starting\n2026-01-02T03:04:05Z FAIL\nok  \ta\t0.1s\n");
  EXPECT_EQ(seen[0].finished, "none");
}

TEST(LogReader, TakesAnyBytes) {
  std::string junk;
  for (int i = 0; i < 100'000; ++i) {
    junk += static_cast<char>(i * 2654435761U >> 13);
  }
  read(junk, 4096);
  auto seen = read(junk + "\n" + std::string(3 << 20, 'x') +
                       "\nexit status 7\nFAIL\ta\t0.1s\n",
                   65536);
  EXPECT_EQ(seen.back().test, "7");
}

TEST(LogReader, KeepsABoundedPartOfALongLog) {
  std::string log = "first\n";
  for (int i = 0; i < 20'000; ++i) {
    log += "line " + std::to_string(i) + "\n";
  }
  auto seen = read(log + "FAIL\ta\t0.1s\n", 4096);
  EXPECT_LT(seen[0].printed.size(), 1000U);
  EXPECT_EQ(seen[0].printed.front().text, "first");
  EXPECT_EQ(seen[0].printed.back().text, "line 19999");
}

TEST(LogLine, LosesEscapesOfAnyKind) {
  EXPECT_EQ(without_escapes("\x1b]0;title\x07"
                            "a\x1b[1;31mb\x1b(Bc\x1b_bk;t=1\x07"
                            "d\x1b["),
            "abcd");
}

}  // namespace
}  // namespace faultrig
