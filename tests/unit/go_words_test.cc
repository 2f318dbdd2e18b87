#include "harness/model/go_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

Plan plan_of(GoTest test) {
  Plan plan;
  plan.scenario.workload.go_test = std::move(test);
  return plan;
}

TEST(GoWords, PutTheAuthorsExecProgramBeforeTheWitness) {
  GoTest test;
  test.exec = {"nice", "-n 5"};
  EXPECT_THAT(witness_words(test, "/shim", "/door"),
              ElementsAre("nice", "-n 5", "/shim", "witness", "/door"));
  EXPECT_EQ(exec_flag(witness_words(test, "/shim", "/door")),
            "-exec=nice '-n 5' /shim witness /door");
}

TEST(GoWords, AskForMarksBehindTheAuthorsFlags) {
  GoTest test;
  test.flags = {"-v"};
  Plan plan = plan_of(test);
  plan.wants_test_events = true;
  EXPECT_THAT(go_test_words(plan, "go", 26, {"shim"}),
              ElementsAre("go", "test", "-count=1", "-exec=shim", "-v",
                          "-v=test2json", "."));
  EXPECT_THAT(
      go_test_words(plan, "go", 19, {"shim"}),
      ElementsAre("go", "test", "-count=1", "-exec=shim", "-v", "-v", "."));
}

// A value may be a word of its own: it is no package.
TEST(GoWords, ListAPackageByTheFlagsOfItsBuild) {
  GoTest test;
  test.packages = {"./store"};
  test.flags = {"-tags",  "a",        "-modfile=x.mod", "-covermode",
                "atomic", "-vet=off", "-json",          "-short"};
  EXPECT_THAT(go_list_words(test, "go"),
              ElementsAre("go", "list", "-json=false", "-f", "{{.Dir}}",
                          "-tags", "a", "-modfile=x.mod", "./store"));
}

TEST(GoWords, ListWhatTestsAreMadeFromByTheFlagsOfTheirBuild) {
  GoTest test;
  test.packages = {"./a", "./b"};
  test.flags = {"-tags=x", "-vet=off", "-short"};
  std::vector<std::string> words = go_deps_words(test, "go");
  EXPECT_THAT(words, IsSupersetOf({"-deps", "-test", "-tags=x", "./a", "./b"}));
  EXPECT_THAT(words, Not(Contains("-vet=off")));
  EXPECT_THAT(words, Not(Contains("-short")));
}

TEST(GoWords, GiveABinaryWhatGoWouldGiveIt) {
  GoTest test;
  test.mode = GoTest::Mode::binary;
  test.run = "^TestX$";
  test.flags = {"-race", "-short", "-cpu", "1,2", "-tags=a"};
  test.args = {"-greedy"};
  EXPECT_THAT(
      go_build_words(test, "go", "x.test"),
      ElementsAre("go", "test", "-c", "-o", "x.test", "-race", "-tags=a", "."));
  EXPECT_THAT(test_binary_words(plan_of(test), 26, {}),
              ElementsAre("-test.paniconexit0", "-test.timeout=10m0s",
                          "-test.count=1", "-test.run=^TestX$", "-test.short",
                          "-test.cpu=1,2", "-greedy"));
}

// go itself would: a flag on its command line wins.
TEST(GoWords, GiveABinaryTheFlagsOfGoflags) {
  std::vector<std::string> goflags =
      words_of_goflags(" -short  '-run=A b' -tags=x --timeout=3s -mod=mod");
  EXPECT_THAT(goflags, ElementsAre("-short", "-run=A b", "-tags=x",
                                   "--timeout=3s", "-mod=mod"));
  GoTest test;
  test.mode = GoTest::Mode::binary;
  test.run = "^TestX$";
  EXPECT_THAT(test_binary_words(plan_of(test), 26, goflags),
              ElementsAre("-test.paniconexit0", "-test.timeout=10m0s",
                          "-test.short", "-test.run=A b", "-test.timeout=3s",
                          "-test.count=1", "-test.run=^TestX$"));
}

}  // namespace
}  // namespace faultrig
