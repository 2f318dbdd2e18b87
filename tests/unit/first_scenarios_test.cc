// What is tried in a module that nobody has told us about, and what is kept.
#include "harness/campaign/first_scenarios.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

UserModule module_with(std::vector<ModulePackage> packages) {
  UserModule out;
  out.root = "/m";
  out.packages = std::move(packages);
  return out;
}

std::vector<std::string> names(const std::vector<Draft>& drafts) {
  std::vector<std::string> out;
  for (const Draft& draft : drafts) {
    out.push_back(draft.name);
  }
  return out;
}

Judgement came_of(const Draft& draft, Verdict verdict) {
  Judgement out;
  out.scenario = draft.name;
  out.verdict = verdict;
  return out;
}

TEST(UserModules, HavePackagesBelowTheirFolder) {
  auto packages = packages_from(
      "main\t0\t0\tnet\t/m/cmd/web\nm\t1\t0\t\t/m\n"
      "x\t0\t2\t\t/m/x y\nother\t1\t0\t\t/n\n\t0\t0\t\t\nnoise\n",
      "/m");
  ASSERT_THAT(packages, SizeIs(3));
  EXPECT_EQ(packages[0].path, "./cmd/web");
  EXPECT_TRUE(packages[0].main && packages[0].networks);
  EXPECT_FALSE(packages[0].tested);
  EXPECT_EQ(packages[1].path, ".");
  EXPECT_TRUE(packages[1].tested);
  EXPECT_EQ(packages[2].path, "./x y");
  EXPECT_TRUE(packages[2].tested);
}

TEST(UserModules, HaveTheExecProgramOfTheirMakefile) {
  EXPECT_THAT(exec_in_makefile("all:\n\tgo test -exec 'nice -n 5' ./...\n"),
              ElementsAre("nice", "-n", "5"));
  EXPECT_THAT(exec_in_makefile("\t$(GO) test -v -exec=sudo ./...\n"),
              ElementsAre("sudo"));
  EXPECT_THAT(exec_in_makefile("\tgo test -exec \"a 'b c'\" .\n"),
              ElementsAre("a", "b c"));
  for (const char* text :
       {"", "\tgo test ./...\n", "\tgo test -exec '$(WRAP)' .\n",
        "# go test -exec sudo\n", "\tgo run -exec sudo .\n",
        "\tgo test -exec 'unfinished\n", "\tgo test -exec\n",
        "\tfind -exec go test {}\n"}) {
    EXPECT_THAT(exec_in_makefile(text), IsEmpty()) << text;
  }
}

TEST(FirstScenarios, AreReadAsTheyAreWritten) {
  UserModule module = module_with({{".", false, true, false},
                                   {"./a \"b\"", false, true, false},
                                   {"./cmd/web", true, false, true}});
  module.exec = {"nice", "-n", "5"};
  std::vector<Draft> drafts = drafts_for(module);
  EXPECT_THAT(
      names(drafts),
      ElementsAre("module_is_killed_with_exec", "a__b__is_killed_with_exec",
                  "module_is_killed", "a__b__is_killed", "module_disk_is_full",
                  "a__b__disk_is_full", "cmd_web_stops_while_asked",
                  "cmd_web_stops"));
  for (const Draft& draft : drafts) {
    auto read = scenario_from(draft.yaml, draft.name, draft.name + ".yaml");
    EXPECT_TRUE(read) << read.error().what << draft.yaml;
    EXPECT_THAT(draft.yaml, HasSubstr(draft.about));
  }
}

TEST(FirstScenarios, AreFewHoweverManyPackagesThereAre) {
  std::vector<ModulePackage> many;
  for (int i = 0; i < 50; ++i) {
    many.push_back({"./p" + std::to_string(i), true, true, true});
  }
  EXPECT_THAT(drafts_for(module_with(many)), SizeIs(12));
}

TEST(FirstScenarios, AskNothingOfWhatHasNoTestsAndDoesNotListen) {
  EXPECT_THAT(drafts_for(module_with(
                  {{"./a", false, false, true}, {"./b", true, false, false}})),
              IsEmpty());
}

TEST(FirstScenarios, HaveNoTwoOfOneName) {
  EXPECT_THAT(names(drafts_for(module_with({{"./a-b", false, true, false},
                                            {"./a_b", false, true, false}}))),
              ElementsAre("a_b_is_killed", "a_b_disk_is_full"));
}

TEST(FirstScenarios, AreKeptIfTheyPassOrFoundSomethingOneOfEachKind) {
  std::vector<Draft> drafts{{"a", "", "", "x"}, {"b", "", "", "x"},
                            {"c", "", "", "x"}, {"d", "", "", "y"},
                            {"e", "", "", "z"}, {"f", "", "", "w"}};
  std::vector<Judgement> came{
      came_of(drafts[0], Verdict::inconclusive),
      came_of(drafts[1], Verdict::pass), came_of(drafts[2], Verdict::pass),
      came_of(drafts[3], Verdict::fail), came_of(drafts[4], Verdict::skipped)};
  EXPECT_THAT(worth_keeping(drafts, came), ElementsAre(1, 3));
}

TEST(FirstScenarios, HaveAPageWithTheStage) {
  std::string page = page_of({{"store_is_killed", "It is red.", "", ""}});
  EXPECT_THAT(page, HasSubstr("- `store_is_killed`: It is red.\n"));
  EXPECT_THAT(page, HasSubstr("--report github"));
  EXPECT_THAT(page, HasSubstr("--report gitlab"));
  EXPECT_THAT(page, Not(HasSubstr("{}")));
}

}  // namespace
}  // namespace faultrig
