// The forms in which logs are kept, copied and sent.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/log_reader.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
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

// One log in the forms in which CI systems and people keep it. `%` stands for
// a number that counts.
TEST(LogFormats, LearnsWhatStandsBeforeEachLine) {
  const std::vector<std::string> prefixes{
      "#26 24.9% ",
      "tests-1  | ",
      "[pod/web-7d9f/test] ",
      "test\tRun tests\t2026-01-02T10:00:0%.0000000Z ",
      "[CI/test]   | ",
      "10:00:0%  ",
      "[unit] ",
      "Step #3 - \"test\": ",
      "[unit-test : run] ",
      "web:test: ",
      "Jan  2 10:00:0% host ci[71%]: ",
      "176735880%.125 ",
      "  1%\t",
      "> ",
      "    ",
      "2026-01-02T10:00:0%.1Z stdout F ",
      "\x1b_bk;t=170000000%\x07",
      "[2026-01-02T10:00:0%.000Z] [linux] ",
      "2026-01-02T10:00:0%.123456Z 01O ",  // GitLab
      "[10:00:0%] :\t [Step 2/3] ",        // TeamCity, downloaded
      "build\t02-Jan-2026 10:00:0%\t",     // Bamboo
      "INFO   02/01/2026 10:00:0%    ",    // Harness
      "[test:%] ",                         // drone
      "[test:L%:%s] ",                     // Woodpecker
      "go-test-7c9f4 test ",               // stern
      "\x1b[38;5;2mgo-test\x1b[0m \x1b[1mtest\x1b[0m ",
      "[pod/go-test/test] 2026-01-02T10:00:0%.123456789Z ",
      "go-test-xk2f9: ",                        // argo logs
      "2026-01-02 10:00:0%.123456 | jammy | ",  // Zuul
      "2026-01-02T10:00:0%.123456+00:00 app[run.4121]: ",
      "             +test | ",  // earthly
      "12: [%.3s] | ",          // dagger
      "services/api test: ",    // pnpm
      "10:00:0% test.1  | ",    // foreman
      "[0] ",                   // concurrently
      "ci.log:%:",              // grep -Hn
      "+"};                     // a diff
  for (const std::string& prefix : prefixes) {
    std::string log;
    int count = 0;
    for (const char* line :
         {"ok  \texample.com/a\t0.1s", "--- FAIL: TestX (0.00s)",
          "    x_test.go:3: no", "FAIL", "FAIL\texample.com/b\t0.2s",
          "signal: killed", "FAIL\texample.com/c\t0.2s", "FAIL"}) {
      std::string before = prefix;
      for (std::size_t at = before.find('%'); at != before.npos;
           at = before.find('%')) {
        before[at] = static_cast<char>('0' + count % 10);
      }
      ++count;
      log += before + line + "\n";
    }
    auto seen = read(log);
    ASSERT_THAT(seen, SizeIs(3)) << prefix;
    EXPECT_EQ(seen[1].package, "example.com/b") << prefix;
    EXPECT_EQ(seen[1].finished, "FAIL") << prefix;
    EXPECT_THAT(seen[1].failed_tests, ElementsAre("TestX")) << prefix;
    EXPECT_EQ(seen[2].test, "SIGKILL") << prefix;
  }
}

// One writer, whose stream or level stands before each of its lines.
TEST(LogFormats, TakesTheStreamsOfAWriterForOneWriter) {
  const std::vector<std::vector<std::string>> forms{
      {"2026-01-02T10:00:01.1Z 01O ", "2026-01-02T10:00:01.1Z 01E "},
      {"[10:00:01] :\t [Step 2/3] ", "[10:00:01]W:\t [Step 2/3] "},
      {"2026-01-02T10:00:01.1Z stdout F ", "2026-01-02T10:00:01.1Z stderr F "}};
  for (const auto& form : forms) {
    std::string log;
    std::size_t count = 0;
    for (const char* line : {"ok  \texample.com/a\t0.1s", "signal: killed",
                             "FAIL\texample.com/c\t0.2s", "exit status 3",
                             "FAIL\texample.com/d\t0.2s", "FAIL"}) {
      log += form[count++ % 2] + line + "\n";
    }
    auto seen = read(log);
    ASSERT_THAT(seen, SizeIs(testing::Ge(3U))) << form[0];
    EXPECT_EQ(seen[1].test, "SIGKILL") << form[0];
    EXPECT_EQ(seen[2].test, "3") << form[0];
  }
}

TEST(LogFormats, ReadsALineWithoutAStampAmongLinesWithOne) {
  auto seen = read(
      "\xEF\xBB\xBFRun go test ./...\n"
      "2026-01-02T10:00:00.0000000Z ok  \ta\t1.2s\n"
      "a line that was broken in two\n"
      "2026-01-02T10:00:01.0000000Z signal: killed\n"
      "2026-01-02T10:00:01.0000000Z FAIL\tb\t9.2s\n");
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[1].test, "SIGKILL");
}

TEST(LogFormats, KeepsJobsApartThatWriteInTurns) {
  auto seen = read(
      "one-1  | === RUN   TestA\ntwo-1  | === RUN   TestB\n"
      "one-1  | --- FAIL: TestA (0.00s)\ntwo-1  | --- PASS: TestB (0.00s)\n"
      "one-1  | FAIL\ntwo-1  | PASS\n"
      "two-1  | ok  \tb\t0.1s\none-1  | FAIL\ta\t0.1s\n");
  ASSERT_THAT(seen, SizeIs(2));
  for (const Seen& one : seen) {
    EXPECT_EQ(one.verdict, one.package == "a" ? "fail" : "ok");
    EXPECT_EQ(one.failed_tests.size(), one.package == "a" ? 1U : 0U);
  }
}

TEST(LogFormats, TakesALogInsideALogForText) {
  auto seen = read(
      "=== RUN   TestLogs\n    logs_test.go:3: 10:00:00 FAIL\tx\t0.1s\n"
      "10:00:00 FAIL\tx\t0.1s\n--- PASS: TestLogs (0.00s)\nPASS\n"
      "ok  \ta\t0.1s\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].verdict, "ok");
}

TEST(LogFormats, TakesBackAllResultsThatATestPrinted) {
  auto seen = read(
      "=== RUN   TestX\nFAIL\tz\t0.1s\nok  \ty\t0.1s\npanic: x\n"
      "--- PASS: TestX (0.00s)\nPASS\nok  \ta\t0.1s\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].package, "a");
}

// Two packages with a test of one name, of which the first crashed.
TEST(LogFormats, KeepsACrashedPackageApartFromTheNextOne) {
  auto seen = read(
      "=== RUN   TestX\nexit status 3\nFAIL\ta\t0.1s\n=== RUN   TestX\n"
      "--- PASS: TestX (0.00s)\nPASS\nok  \tb\t0.1s\nFAIL\n");
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[0].verdict, "fail");
  EXPECT_EQ(seen[1].verdict, "ok");
}

TEST(LogFormats, KnowsTheTestOfALineOfJson) {
  auto event = [](const std::string& test, const std::string& output) {
    return R"({"Action":"output","Package":"a","Test":")" + test +
           R"(","Output":")" + output + "\"}\n";
  };
  auto seen = read(event("TestA", R"(=== RUN   TestA\n)") +
                   event("TestB", R"(=== RUN   TestB\n)") +
                   event("TestA", R"(    a_test.go:3: of A\n)") +
                   event("TestB", R"(    a_test.go:9: of B\n)") +
                   event("TestB", R"(--- FAIL: TestB (0.00s)\n)") +
                   event("TestA", R"(--- PASS: TestA (0.00s)\n)") +
                   R"({"Action":"fail","Package":"a"})" + "\n");
  ASSERT_THAT(seen, SizeIs(1));
  ASSERT_THAT(seen[0].failing, SizeIs(1));
  EXPECT_EQ(seen[0].failing[0].text, "    a_test.go:9: of B");
}

TEST(LogFormats, ReadsBlanksForTabs) {
  auto seen = read(
      "ok      example.com/a    1.2s\n?       example.com/n   [no test files]"
      "\nok      example.com/c   (cached)\nexit status 3\n"
      "FAIL    example.com/b    9.2s\nFAIL    example.com/d [build failed]\n"
      "FAIL\n");
  ASSERT_THAT(seen, SizeIs(5));
  EXPECT_EQ(seen[1].verdict, "no_test_files");
  EXPECT_EQ(seen[3].test, "3");
  EXPECT_EQ(seen[4].verdict, "build_failed");
}

TEST(LogFormats, TakesProseForNoResult) {
  auto seen = read("FAIL  with blanks in it\nok      so far   so good\n");
  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].verdict, "none");
}

TEST(LogFormats, ReadsUtf16) {
  const std::string log = "signal: killed\r\nFAIL\ta\t0.1s\r\n";
  std::string little = "\xFF\xFE";
  std::string big = "\xFE\xFF";
  for (char byte : log) {
    little += {byte, '\0'};
    big += {'\0', byte};
  }
  for (const std::string& text : {little, big, little.substr(2)}) {
    auto seen = read(text);
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].test, "SIGKILL");
  }
}

TEST(LogFormats, KnowsTheNamesOfSignalsElsewhere) {
  EXPECT_EQ(read("signal: abort trap\nFAIL\ta\t1s\n")[0].test, "SIGABRT");
  EXPECT_EQ(read("exit status 0xc0000005\nFAIL\ta\t1s\n")[0].test,
            "0xc0000005");
}

// go shows the status of a package that printed nothing, or that was not
// named to it; then the run has no last FAIL.
TEST(LogFormats, KnowsAStatusThatGoWouldNotShow) {
  EXPECT_EQ(read("hello\nexit status 7\nFAIL\ta\t1s\n")[0].test, "7");
  EXPECT_EQ(read("hello\nexit status 7\nFAIL\ta\t1s\nFAIL\n")[0].test,
            "unknown");
  EXPECT_EQ(read("exit status 7\nFAIL\ta\t1s\nFAIL\n")[0].test, "7");
}

}  // namespace
}  // namespace faultrig
