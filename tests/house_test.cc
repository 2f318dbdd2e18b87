// Reads our own sources, so that the walls of docs/architecture.md hold
// without anyone remembering them. Every check is shown a broken tree first
// and the real one last.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/checks.h"

namespace house {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Complaints check_include(const std::string& path, const std::string& header) {
  return check_includes({{path, "#include " + header + "\n"}});
}

TEST(Walls, LetAJudgeReadTheModel) {
  EXPECT_THAT(check_include("harness/judge/x.cc", "\"harness/model/plan.h\""),
              IsEmpty());
}

TEST(Walls, StopAJudgeThatIncludesTheRunner) {
  EXPECT_THAT(check_include("harness/judge/x.cc", "\"harness/run/runner.h\""),
              ElementsAre(HasSubstr("is beyond the wall")));
}

TEST(Walls, StopAnInjectorThatIncludesAnotherInjector) {
  EXPECT_THAT(check_include("injectors/fds.cc", "\"injectors/memory.h\""),
              ElementsAre(HasSubstr("is beyond the wall")));
}

TEST(Walls, LetOnlyTheRegistryIncludeTheListOfInjectors) {
  const std::string list = "\"injectors/injectors.def\"";
  EXPECT_THAT(check_include("harness/inject/registry.cc", list), IsEmpty());
  EXPECT_THAT(check_include("harness/run/runner.cc", list),
              ElementsAre(HasSubstr("is beyond the wall")));
}

TEST(Walls, StopTheShimThatIncludesAPartWithLibraries) {
  EXPECT_THAT(check_include("harness/shim/main.cc", "\"harness/os/shim_x.h\""),
              IsEmpty());
  EXPECT_THAT(check_include("harness/shim/main.cc", "\"harness/os/cgroup.h\""),
              ElementsAre(HasSubstr("is beyond the wall")));
}

TEST(Walls, StopAHeaderThatIsNotNamedFromTheRoot) {
  EXPECT_THAT(check_include("harness/base/fd.cc", "\"fd.h\""),
              ElementsAre(HasSubstr("is not named from the root")));
}

TEST(Walls, StopALayerThatIsNotInTheTable) {
  EXPECT_THAT(check_include("harness/misc/x.cc", "\"harness/base/fd.h\""),
              ElementsAre(HasSubstr("by an unknown layer")));
}

TEST(Walls, KeepEachLibraryInItsLayer) {
  const std::map<std::string, std::string> strays = {
      {"harness/plan/x.cc", "<yaml-cpp/yaml.h>"},
      {"harness/run/x.cc", "<boost/process/v2.hpp>"},
      {"harness/inject/x.cc", "<seccomp.h>"},
      {"injectors/x.cc", "<libcgroup.h>"},
      {"harness/explain/x.cc", "<nlohmann/json.hpp>"},
      {"harness/report/x.cc", "<re2/re2.h>"},
      {"harness/run/y.cc", "<CLI/CLI.hpp>"},
      {"harness/base/x.cc", "<fmt/format.h>"},
      {"harness/os/shim_x.cc", "<fmt/format.h>"},
      {"harness/cli/x.cc", "<sys/ioctl.h>"},
      {"injectors/y.cc", "<linux/seccomp.h>"},
      {"harness/os/x.cc", "<expected>"}};
  for (const auto& [path, header] : strays) {
    EXPECT_THAT(check_include(path, header),
                ElementsAre(HasSubstr("is for other layers")));
  }
  EXPECT_THAT(check_include("harness/parse/x.cc", "<yaml-cpp/yaml.h>"),
              IsEmpty());
}

TEST(Walls, KeepTheKernelFromWhatMustBePure) {
  EXPECT_THAT(check_include("harness/judge/x.cc", "<unistd.h>"),
              ElementsAre(HasSubstr("is the kernel's")));
  EXPECT_THAT(check_include("harness/base/text.cc", "<unistd.h>"),
              ElementsAre(HasSubstr("is the kernel's")));
  EXPECT_THAT(check_include("harness/base/fd.cc", "<unistd.h>"), IsEmpty());
}

TEST(Walls, StopTheSecondFileThatIncludesALibrary) {
  const std::string text = "#include <seccomp.h>\n";
  const Tree one = {{"harness/os/seccomp.cc", text}};
  const Tree two = {{"harness/os/a.cc", text}, {"harness/os/b.cc", text}};
  EXPECT_THAT(check_one_file_for_each_library(one), IsEmpty());
  EXPECT_THAT(check_one_file_for_each_library(two),
              ElementsAre(HasSubstr("harness/os/b.cc: a second file")));
}

TEST(Shape, StopsAtFourHundredLines) {
  const std::string lines(400, '\n');
  EXPECT_THAT(check_shape({{"harness/base/a.cc", lines}}), IsEmpty());
  EXPECT_THAT(check_shape({{"harness/base/a.cc", lines + "\n"}}),
              ElementsAre("harness/base/a.cc: 401 lines"));
  EXPECT_THAT(check_shape({{"harness/base/a.def", lines + "\n"}}), IsEmpty());
}

TEST(Shape, StopsAtEightyColumnsOfCharactersNotBytes) {
  std::string wide(79, 'x');
  EXPECT_THAT(check_shape({{"tests/a.cc", wide + "\u00e9\n"}}), IsEmpty());
  EXPECT_THAT(check_shape({{"tests/a.cc", wide + "yz\n"}}),
              ElementsAre(HasSubstr("too wide")));
}

TEST(Shape, WantsPragmaOnceInAHeader) {
  EXPECT_THAT(check_shape({{"harness/base/a.h", "#pragma once\n"}}), IsEmpty());
  EXPECT_THAT(check_shape({{"harness/base/a.h", "struct A {};\n"}}),
              ElementsAre(HasSubstr("#pragma once")));
}

TEST(Names, MaySayNothingOfAHelper) {
  for (const std::string name : {"RunManager", "Helper", "PathUtils",
                                 "SignalHandler", "RunImpl", "InfoBox"}) {
    EXPECT_THAT(check_names({{"harness/run/a.h", "  class " + name + " {\n"}}),
                ElementsAre(HasSubstr(name)));
  }
  EXPECT_THAT(check_names({{"harness/run/path_utils.h", ""}}),
              ElementsAre(HasSubstr("path_utils.h")));
}

TEST(Names, AreForbiddenByWholeWordsOnly) {
  const Tree tree = {{"harness/run/a.h", "struct Implicit;\nstruct Database;"}};
  EXPECT_THAT(check_names(tree), IsEmpty());
}

TEST(Words, StopViewsAndClocks) {
  EXPECT_THAT(check_words({{"harness/run/a.cc", "std::views::keys"}}),
              ElementsAre(HasSubstr("std::views")));
  const std::string now = "steady_clock::now()";
  for (const char* pure :
       {"harness/judge/a.cc", "harness/spans/a.cc", "harness/crash/a.cc"}) {
    EXPECT_THAT(check_words({{pure, now}}), ElementsAre(HasSubstr("clock")));
  }
  EXPECT_THAT(check_words({{"harness/run/a.cc", now}}), IsEmpty());
  EXPECT_THAT(check_words({{"harness/run/a.cc", "wrong.what()"}}),
              ElementsAre(HasSubstr("a library's words")));
  const std::string loop =
      "for (auto& e :\n     fs::directory_iterator(f, bad))";
  EXPECT_THAT(check_words({{"harness/run/a.cc", loop}}),
              ElementsAre(HasSubstr("may throw")));
}

Tree tree_of_one_injector() {
  return {{"injectors/injectors.def", "INJECTOR(freeze)\n"},
          {"injectors/freeze.cc", ""},
          {"tests/injectors/freeze_test.cc", ""},
          {"docs/injectors/freeze.md", ""},
          {"scenarios/freeze/a.yaml", ""},
          {"scenarios/freeze/b.yaml", ""}};
}

TEST(Addresses, AreCompleteForAnInjectorWithEverything) {
  EXPECT_THAT(check_injectors(tree_of_one_injector()), IsEmpty());
}

TEST(Addresses, MissNoneOfAnInjectorsPlaces) {
  for (const auto& [path, text] : tree_of_one_injector()) {
    Tree broken = tree_of_one_injector();
    broken.erase(path);
    EXPECT_THAT(check_injectors(broken), ElementsAre(HasSubstr("freeze")))
        << path;
  }
}

TEST(Addresses, WantEachExpectationInAScenario) {
  Tree tree = {{"harness/judge/expectations.def", "EXPECTATION(oom)\n"},
               {"scenarios/memory/a.yaml", "expect:\n  - oom: {kills: 1}\n"}};
  EXPECT_THAT(check_expectations(tree), IsEmpty());
  tree["scenarios/memory/a.yaml"] = "about: the oom killer\n";
  EXPECT_THAT(check_expectations(tree), ElementsAre(HasSubstr("oom")));
}

TEST(Addresses, WantEachFixtureInAScenario) {
  Tree tree = {{"go_fixtures/hoard/hoard_test.go", ""},
               {"go_fixtures/go.mod", ""},
               {"scenarios/memory/a.yaml", "    packages: ./hoard\n"}};
  EXPECT_THAT(check_fixtures(tree), IsEmpty());
  tree["scenarios/memory/a.yaml"] = "    packages: ./hoarder\n";
  EXPECT_THAT(check_fixtures(tree), ElementsAre(HasSubstr("hoard")));
}

// --- The real house --------------------------------------------------------

// Else all that follows would be true of nothing.
TEST(House, IsNotEmpty) {
  for (const std::string path :
       {"harness/base/fd.h", "harness/cli/main.cc", "harness/shim/main.cc",
        "injectors/injectors.def", "harness/judge/expectations.def"}) {
    EXPECT_TRUE(our_tree().contains(path)) << path;
  }
}

TEST(House, KeepsItsWalls) {
  EXPECT_THAT(check_includes(our_tree()), IsEmpty());
}

TEST(House, IncludesEachLibraryInOneFile) {
  EXPECT_THAT(check_one_file_for_each_library(our_tree()), IsEmpty());
}

TEST(House, KeepsItsShape) { EXPECT_THAT(check_shape(our_tree()), IsEmpty()); }

TEST(House, HasNamesThatSaySomething) {
  EXPECT_THAT(check_names(our_tree()), IsEmpty());
}

TEST(House, HasNoTwoTypesOfOneName) {
  EXPECT_THAT(check_types(our_tree()), IsEmpty());
}

TEST(House, SeesTwoTypesOfOneName) {
  const std::string type = "struct Address {\n};\n";
  EXPECT_THAT(check_types({{"harness/os/a.h", type},
                           {"harness/os/b.h", type},
                           {"harness/os/c.cc", "namespace {\n" + type}}),
              ElementsAre("harness/os/b.h: Address is in harness/os/a.h too"));
}

TEST(House, UsesNoForbiddenWord) {
  EXPECT_THAT(check_words(our_tree()), IsEmpty());
}

TEST(House, HasEveryInjectorAtItsAddress) {
  EXPECT_THAT(check_injectors(our_tree()), IsEmpty());
}

TEST(House, AsksEveryExpectation) {
  EXPECT_THAT(check_expectations(our_tree()), IsEmpty());
}

TEST(House, StartsEveryFixture) {
  EXPECT_THAT(check_fixtures(our_tree()), IsEmpty());
}

}  // namespace
}  // namespace house
