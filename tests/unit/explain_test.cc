#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/help/help_text.h"
#include "harness/help/reference.h"
#include "harness/help/section_text.h"
#include "harness/parse/scenario_reader.h"
#include "harness/report/explanation_text.h"
#include "tests/unit/sample_language.h"

namespace faultrig {
namespace {

Proofs proofs() {
  return {{"memory",
           "the counter oom_kill of the test's own cgroup grew, which the "
           "kernel does only when it has killed something"}};
}

std::string explained(std::string_view what) {
  return help_of(what, sample_language(), proofs()).value_or("");
}

TEST(Explain, KnowsTriggersByTheirNames) {
  std::string listening = explained("listening");
  EXPECT_NE(listening.find("true: at the first listen(2)"), std::string::npos)
      << listening;
  EXPECT_NE(listening.find("when: {listening: 8080}"), std::string::npos);
  EXPECT_NE(explained("call").find("nth"), std::string::npos);
  EXPECT_NE(explained("start").find("before the first instruction"),
            std::string::npos);
  EXPECT_NE(explained("after").find("{after: 200ms}"), std::string::npos);
}

TEST(Explain, TellsOfAnInjector) {
  EXPECT_EQ(
      explained("memory"),
      "memory: the kernel kills what needs more than this\n"
      "\n"
      "  max    size           the most memory (required)\n"
      "  swap   size           the most swap (default 0)\n"
      "  group  true or false  kill the whole cgroup at once (default "
      "false)\n"
      "  and as every fault: at, when, until, name, optional (faultrig explain "
      "fault)\n"
      "\n"
      "proof  the counter oom_kill of the test's own cgroup grew, which "
      "the kernel does\n"
      "       only when it has killed something\n"
      "\n"
      "example\n"
      "  faults:\n"
      "    - memory: {max: 64MiB}\n");
}

TEST(Explain, TellsOfAnExpectation) {
  std::string text = explained("test");
  EXPECT_NE(text.find("exactly one of exited, killed_by, started"),
            std::string::npos);
  EXPECT_NE(text.find("  expect:\n    - test: {exited: 1}\n"),
            std::string::npos);
}

TEST(Explain, KnowsEveryNameItPromises) {
  for (const std::string& name : names_with_help(sample_language())) {
    EXPECT_NE(explained(name), "") << name;
  }
  EXPECT_EQ(explained("when"), explained("trigger"));
  EXPECT_FALSE(help_of("memroy", sample_language(), proofs()));
}

TEST(Explain, FitsOneScreen) {
  for (const std::string& name : names_with_help(sample_language())) {
    auto text = explained(name);
    auto lines = lines_of(text);
    EXPECT_LE(lines.size(), 24U) << name;
    for (std::string_view line : lines) {
      EXPECT_LE(line.size(), 80U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

// A scenario that holds the example of a section.
std::string scenario_with(const Section& section, bool fault) {
  bool command = section.name == "command";
  std::string text =
      command ? "workload: {command: [serve]}\n" : "workload: {go_test: {}}\n";
  text += "faults:\n";
  if (fault) {
    return text + "  - " + example_of(section) + "\n";
  }
  return text + "  - memory: {max: 1GB}\nexpect:\n  - " + example_of(section) +
         "\n";
}

void expect_readable(const std::string& text) {
  auto result =
      read_scenario(text, {"x", "/tmp/scenario.yaml"}, sample_language());
  for (const Complaint& complaint : result.complaints) {
    ADD_FAILURE() << format_complaint("example", text, complaint);
  }
}

TEST(Explain, ItsExamplesAreReadable) {
  for (const Section* section : sample_language().injectors) {
    expect_readable(scenario_with(*section, true));
  }
  for (const Section* section : sample_language().expectations) {
    expect_readable(scenario_with(*section, false));
  }
  expect_readable(example_of(workload_section()) +
                  "\nexpect: [{output: {contains: a}}]\n");
  expect_readable("workload: {" + example_of(go_test_section()) +
                  "}\nexpect: [{output: {contains: a}}]\n");
  expect_readable("workload: {go_test: {}}\nfaults:\n- memory: {max: 1GB, " +
                  example_of(trigger_section()) + "}\n");
}

TEST(Reference, HoldsEveryKeyOfTheLanguage) {
  std::string page = reference_page(sample_language(), proofs());
  std::vector<const Section*> sections{
      &scenario_section(), &workload_section(), &go_test_section(),
      &fault_common_section(), &trigger_section()};
  for (const auto* more :
       {&sample_language().injectors, &sample_language().expectations}) {
    sections.insert(sections.end(), more->begin(), more->end());
  }
  for (const Section* section : sections) {
    for (const KeyRow& row : rows_of(*section)) {
      EXPECT_NE(page.find("| `" + row.key + "` |"), std::string::npos)
          << row.key;
    }
  }
  EXPECT_NE(page.find("Proof: the counter oom_kill"), std::string::npos);
}

TEST(ScenariosToTry, AreThoseOfTheRowsThatNameThem) {
  std::vector<std::string> files{"scenarios/a/b.yaml"};
  EXPECT_EQ(scenarios_to_try("x:\n  do        faultrig run mine\n"
                             "  try       faultrig run scenarios/a/b.yaml\n"),
            files);
  EXPECT_TRUE(scenarios_to_try("nothing").empty());
}

}  // namespace
}  // namespace faultrig
