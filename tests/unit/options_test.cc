// How the options of a command are declared and read, by a command of ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/command_line.h"
#include "harness/cli/shared_options.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Toy : public Command {
 public:
  void declare(Arguments& arguments) override {
    declare_selection(arguments, selection);
    declare_jobs(arguments, jobs);
    declare_reports(arguments, reports);
    arguments.flag("--red", red, "red");
    arguments.flag("--green", green, "green");
    arguments.one_of({"--red", "--green"});
    arguments.behind_dashes(program, "-- COMMAND");
  }
  std::string wrong() const override { return red ? "red is wrong" : ""; }
  int run(const Surroundings&) override { return 7; }

  Selection selection;
  int jobs = 1;
  std::vector<ReportTarget> reports;
  bool red = false;
  bool green = false;
  std::vector<std::string> program;
};

const std::vector<CommandType>& toys() {
  static const std::vector<CommandType> types{
      command_type<Toy>("toy", "a toy", "toy")};
  return types;
}

// What was read, or what was said instead.
struct ReadToy {
  CommandLine line;
  Toy& toy() { return dynamic_cast<Toy&>(*line.command); }
  const std::string& said() { return line.answer.text; }
};

ReadToy read_toy(const std::vector<std::string>& arguments) {
  return {read_command_line(arguments, toys())};
}

TEST(Options, LeavePathsBehindAReportOrATag) {
  ReadToy read = read_toy({"toy", "--tag", "a", "x.yaml", "--tag", "b",
                           "--report", "json", "y", "-j", "3"});
  ASSERT_TRUE(read.line.command) << read.said();
  EXPECT_THAT(read.toy().selection.paths, ElementsAre("x.yaml", "y"));
  EXPECT_THAT(read.toy().selection.tags, ElementsAre("a", "b"));
  ASSERT_EQ(read.toy().reports.size(), 1U);
  EXPECT_EQ(read.toy().reports[0].format, "json");
  EXPECT_EQ(read.toy().jobs, 3);
}

TEST(Options, TakeMoreThanOneGlob) {
  ReadToy read = read_toy({"toy", "--only", "a", "--only", "b", "x"});
  ASSERT_TRUE(read.line.command) << read.said();
  EXPECT_THAT(read.toy().selection.only, ElementsAre("a", "b"));
  EXPECT_THAT(read.toy().selection.paths, ElementsAre("x"));
}

TEST(Options, AreNotReadBehindTwoDashes) {
  ReadToy read = read_toy({"toy", "--green", "--", "-x", "--", "--red"});
  ASSERT_TRUE(read.line.command) << read.said();
  EXPECT_TRUE(read.toy().green);
  EXPECT_THAT(read.toy().program, ElementsAre("-x", "--", "--red"));
}

TEST(Options, SayWhatIsWrongWithAValue) {
  EXPECT_EQ(read_toy({"toy", "--report", "xml"}).said(),
            "faultrig: --report xml: expected text, json, junit, html, trace, "
            "otlp, tap, events, github or gitlab, or json:FILE\n"
            "try: faultrig toy --help\n");
  EXPECT_EQ(read_toy({"toy", "--color", "pink"}).said(),
            "faultrig: --color pink: expected auto, always or never\n"
            "try: faultrig toy --help\n");
  EXPECT_EQ(read_toy({"toy", "-j", "0"}).said(),
            "faultrig: --jobs: Value 0 not in range 1 to 256\n"
            "try: faultrig toy --help\n");
}

TEST(Options, SayWhatIsWrongWithAllTogether) {
  EXPECT_THAT(read_toy({"toy", "--red"}).said(), HasSubstr("red is wrong"));
  EXPECT_THAT(read_toy({"toy", "--red", "--green"}).said(),
              HasSubstr("--red excludes --green"));
}

TEST(Options, SuggestACommandThatIsNear) {
  CommandLine line = read_command_line({"runn"});
  EXPECT_FALSE(line.command);
  EXPECT_EQ(line.answer.exit_code, 2);
  EXPECT_THAT(line.answer.text, HasSubstr("did you mean 'run'"));
}

TEST(Options, HaveAPageOfEightyColumnsForEachCommand) {
  for (const CommandType& type : command_types()) {
    CommandLine line = read_command_line({std::string(type.name), "--help"});
    EXPECT_EQ(line.answer.exit_code, 0);
    EXPECT_THAT(line.answer.text, HasSubstr(std::string(type.summary)));
    EXPECT_THAT(line.answer.text, HasSubstr(std::string(type.example)));
  }
}

}  // namespace
}  // namespace faultrig
