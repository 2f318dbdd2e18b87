#include "harness/cli/witness_record.h"

#include <gtest/gtest.h>

#include "harness/base/last_word.h"
#include "harness/judge/witnessed.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

// What is said of a test that printed this and exited so.
std::string said_of(const std::string& printed, int code,
                    const std::string& verbose = "-test.v=false") {
  WatchOrder order;
  order.argv = {"/tmp/x.test", verbose};
  HeardOutput heard(marks_its_lines(order.argv));
  heard.hear(Relay::Stream::out, printed);
  heard.finish();
  Watched seen;
  seen.status = WaitStatus::of_exit(code);
  return conclude(Evidence(record_of(order, heard, seen))).text;
}

constexpr const char* kRuntimes =
    "panic: boom\n\ngoroutine 7 [running]:\nm.TestA(0xc000)\n"
    "\t/m/a_test.go:9 +0x1d\n";

TEST(RecordOf, NamesThePanicThatEndedIt) {
  EXPECT_EQ(said_of(kRuntimes, 2), "exited 2: panic: boom in m.TestA");
}

// Recovered, and logged with its stack; what ended the program is another
// thing, and has no name.
TEST(RecordOf, NamesNoPanicThatWasOnlyLogged) {
  const std::string logged =
      "panic: boom\n\ngoroutine 7 [running]:\nruntime/debug.Stack()\n"
      "\t/go/stack.go:26 +0x5e\nm.TestA(0xc000)\n\t/m/a_test.go:9 +0x1d\n";
  EXPECT_EQ(said_of(logged + "usage: x\n", 2),
            "exited 2, last line 'usage: x'");
  EXPECT_EQ(said_of(logged, 3).substr(0, 8), "exited 3");
  EXPECT_EQ(said_of(kRuntimes, 3).find("panic: boom in"), std::string::npos);
  EXPECT_EQ(said_of(kRuntimes + std::string("and on it goes\n"), 2),
            "exited 2, last line 'and on it goes'");
}

TEST(RecordOf, TakesAPassWithoutAMarkForATestsWhereTestingMarksItsOwn) {
  const std::string marked = "-test.v=test2json";
  EXPECT_EQ(said_of("\x16=== RUN   TestA\nPASS\n", 0, marked).substr(0, 28),
            "exited 0 but never said PASS");
  EXPECT_EQ(said_of("\x16=== RUN   TestA\n\x16PASS\n", 0, marked), "");
  EXPECT_EQ(said_of("PASS\n", 0), "");
}

TEST(ModuleIn, FindsThePathInAGoMod) {
  EXPECT_EQ(module_in("module example.com/m\n\ngo 1.19\n"), "example.com/m");
  EXPECT_EQ(module_in("// a comment\n\nmodule example.com/m // ours\r\n"),
            "example.com/m");
  EXPECT_EQ(module_in("module \"example.com/m\"\n"), "example.com/m");
  EXPECT_EQ(module_in("modules example.com/m\n"), "");
  EXPECT_EQ(module_in("go 1.19\n"), "");
}

TEST(NameOf, IsTheFileOfAProgramThatIsNoTest) {
  ProgramName name = name_of({"/usr/bin/env", "x"}, "/nowhere");
  EXPECT_EQ(name.shown, "env");
  EXPECT_EQ(name.package, "");
}

TEST(NameOf, IsTheFileOfATestWithoutAModule) {
  EXPECT_EQ(name_of({"/tmp/b/x.test", "-test.v"}, "/nowhere").shown, "x.test");
}

TEST(NameOf, HasThePackageWithinItsModule) {
  std::string module = source_dir() + "/go_fixtures";
  ProgramName deep =
      name_of({"/tmp/b/fixture.test", "-test.v"}, module + "/internal/fixture");
  EXPECT_EQ(deep.shown, "internal/fixture.test");
  EXPECT_EQ(deep.package, "faultrig.example/fixtures/internal/fixture");
  ProgramName root = name_of({"/tmp/b/fixtures.test", "-test.v"}, module);
  EXPECT_EQ(root.shown, "fixtures.test");
  EXPECT_EQ(root.package, "faultrig.example/fixtures");
  ProgramName other = name_of({"env", "a.test", "-test.v"}, module + "/talks");
  EXPECT_EQ(other.shown, "env (talks)");
}

}  // namespace
}  // namespace faultrig
