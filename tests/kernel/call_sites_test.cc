// What the id of a call site depends on, and what not, with a real program:
// go_fixtures/keeps_books.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using Sites = std::map<std::string, int>;  // id to how often

const std::string kFixtures = source_dir() + "/go_fixtures";

std::string scenario(const std::string& dir, const std::string& more = "") {
  return "workload: {go_test: {dir: " + dir +
         ", packages: ./keeps_books, mode: binary" + more +
         "}}\ngolden: false\n"
         "expect: [calls: {call: [fsync, openat, write], of: program}]\n";
}

Sites sites(const std::string& yaml) {
  Rig::Told told = Rig::run(yaml);
  EXPECT_EQ(told.judgement.verdict, Verdict::pass)
      << faultrig::told(told.judgement);
  Sites out;
  for (const Observation& seen : told.evidence->trace()) {
    if (seen.fact == Fact::call_intercepted) {
      ++out[seen.site];
    }
  }
  return out;
}

// The same package with lines and a function above all that makes calls.
void put_edited(const fs::path& folder) {
  fs::create_directories(folder / "keeps_books");
  std::ofstream(folder / "go.mod")
      << "module faultrig.example/fixtures\n\ngo 1.19\n";
  fs::copy_file(kFixtures + "/keeps_books/books_test.go",
                folder / "keeps_books/books_test.go");
  std::string text =
      read_file(AT_FDCWD, kFixtures + "/keeps_books/books.go").value_or("");
  std::string before = "// Ledger is what counts.";
  std::size_t at = text.find(before);
  ASSERT_NE(at, std::string::npos);
  text.insert(at, "func above() int {\n\treturn 1\n}\n\nvar _ = above()\n\n");
  std::ofstream(folder / "keeps_books/books.go") << text;
}

TEST(CallSites, AreTheSameInTwentyRuns) {
  SKIP_WITHOUT_STACKS();
  std::string yaml = scenario(kFixtures);
  SKIP_IF_MISSING(yaml);
  Sites first = sites(yaml);
  EXPECT_EQ(first.size(), 6U);  // two ways, three calls
  for (int i = 1; i < 20; ++i) {
    EXPECT_EQ(sites(yaml), first) << i;
  }
}

TEST(CallSites, AreTheSameAfterAnEditAbove) {
  SKIP_WITHOUT_STACKS();
  SKIP_IF_MISSING(scenario(kFixtures));
  auto made = make_scratch(owner_name() + ".sites");
  TempDir scratch = std::move(*made);
  put_edited(scratch.path());
  EXPECT_EQ(sites(scenario(scratch.path().string())),
            sites(scenario(kFixtures)));
}

TEST(CallSites, AreTheSameWithAnOlderGoAndWithOtherFlags) {
  SKIP_WITHOUT_STACKS();
  SKIP_IF_MISSING(scenario(kFixtures));
  Sites usual = sites(scenario(kFixtures));
  EXPECT_EQ(sites(scenario(kFixtures, ", flags: [-trimpath, '-gcflags=-l']")),
            usual);
  const std::string go = "/usr/lib/go-1.19/bin/go";
  if (!fs::exists(go)) {
    GTEST_SKIP() << "needs " << go;
  }
  EXPECT_EQ(sites(scenario(kFixtures, ", go: " + go)), usual);
}

// The id that evidence shows selects just the calls that it was shown for.
TEST(CallSites, SelectTheCallsThatTheyWereToldOf) {
  SKIP_WITHOUT_STACKS();
  SKIP_IF_MISSING(scenario(kFixtures));
  std::string of_fsync;
  Rig::Told told = Rig::run(scenario(kFixtures));
  for (const Observation& seen : told.evidence->trace()) {
    of_fsync = seen.call == "fsync" ? seen.site : of_fsync;
  }
  ASSERT_NE(of_fsync, "");
  Rig::Told again =
      Rig::run("workload: {go_test: {dir: " + kFixtures +
               ", packages: ./keeps_books, mode: binary}}\n"
               "faults: [syscall: {call: fsync, error: EIO, site: '" +
               of_fsync.substr(0, 6) +
               "'}]\nexpect: [output: {contains: 'ledger: sync'}, "
               "took_effect: {fault: syscall, times: 1}]\n");
  EXPECT_EQ(again.judgement.verdict, Verdict::pass)
      << faultrig::told(again.judgement);
}

// A thread's number in another namespace is another one, so that whose stack a
// goroutine's is cannot be checked.
TEST(CallSites, LeaveARunUndecidedWhereAStackIsNotKnown) {
  SKIP_WITHOUT_STACKS();
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  SKIP_IF_MISSING(scenario(kFixtures));
  auto made = make_scratch(owner_name() + ".sites");
  TempDir scratch = std::move(*made);
  std::string program = (scratch.path() / "program").string();
  std::string build = "cd " + source_dir() + "/cgo_fixtures && go build -o " +
                      program + " ./leaves_stacks";
  ASSERT_EQ(std::system(build.c_str()), 0);
  Rig::Told told = Rig::run(
      "workload: {command: [unshare, --pid, --fork, " + program +
      "]}\n"
      "faults: [syscall: {call: fchmod, error: EIO, in: main.noSuch}]\n"
      "expect: [calls: {call: fchmod, in: main.noSuch, count: none}]\n");
  EXPECT_EQ(told.judgement.verdict, Verdict::inconclusive);
  std::string words = faultrig::told(told.judgement);
  EXPECT_NE(words.find("who called C is not known"), std::string::npos)
      << words;
}

}  // namespace
}  // namespace faultrig
