// Labelled logs: how they are scored, and that those of tests/field are right.
#include "harness/explain/labelled.h"

#include <fcntl.h>

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/explain/explainer.h"
#include "harness/report/atlas_text.h"
#include "tests/source_dir.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;

Mark mark(const std::vector<std::string>& causes, const std::string& log) {
  return mark_of({"x.log", causes, ""}, explained(log));
}

TEST(Labelled, ReadsAListByTheNamesOfItsColumns) {
  auto logs = read_labels(
      "number\tslug\tcauses\tright answer\n"
      "007\tkilled\tsigkill oom_kill\tkilled\n");
  ASSERT_TRUE(logs);
  ASSERT_EQ(logs->size(), 1U);
  EXPECT_EQ((*logs)[0].file, "007-killed.log");
  EXPECT_THAT((*logs)[0].causes, ElementsAre("sigkill", "oom_kill"));
  EXPECT_EQ((*logs)[0].answer, "killed");
  EXPECT_EQ(read_labels("log\nx.log\n").value()[0].file, "x.log");
}

TEST(Labelled, RefusesALogOutsideOfItsFolder) {
  EXPECT_FALSE(read_labels("log\n../x.log\n"));
  EXPECT_FALSE(read_labels("log\n\n"));
}

TEST(Labelled, ScoresAnAnswerByItsWorstPart) {
  const std::string killed = "signal: killed\nFAIL\ta\t0.1s\nFAIL\n";
  EXPECT_EQ(mark({"sigkill"}, killed), Mark::right);
  EXPECT_EQ(mark({"oom_kill"}, killed), Mark::undecided);
  EXPECT_EQ(mark({"nil_pointer"}, killed), Mark::wrong);
  EXPECT_EQ(mark({"-"}, killed), Mark::wrong);
  EXPECT_EQ(mark({"-"}, "ok  \ta\t0.1s\n"), Mark::right);
  EXPECT_EQ(mark({"sigkill"}, "ok  \ta\t0.1s\n"), Mark::none);
  EXPECT_EQ(mark({}, killed), Mark::unjudged);
  EXPECT_EQ(mark({"sigkill"},
                 killed + "ok  \tb\t0.1s\nSIGQUIT: quit\n\ngoroutine 1 [x]:\n"
                          "FAIL\tc\t0.1s\nFAIL\n"),
            Mark::wrong);
}

// Right, or undecided where the label says that the log cannot tell.
TEST(Labelled, FieldLogsAreAsThePageOfPrecisionSays) {
  const std::string folder = source_dir() + "/tests/field/";
  auto list = read_file(AT_FDCWD, folder + "cases.tsv");
  ASSERT_TRUE(list);
  auto logs = read_labels(*list);
  ASSERT_TRUE(logs);
  std::map<Mark, int> marks;
  for (const LabelledLog& log : *logs) {
    auto text = read_file(AT_FDCWD, folder + log.file);
    ASSERT_TRUE(text) << log.file;
    Mark mark = mark_of(log, explained(*text));
    ++marks[mark];
    bool open = log.answer.find("undecided") != std::string::npos;
    EXPECT_EQ(mark_name(mark), open ? "undecided" : "right") << log.file;
  }
  std::string row =
      fmt::format("| tests/field | {} | {} | {} | {} | {} |\n", logs->size(),
                  marks[Mark::right], marks[Mark::undecided], marks[Mark::none],
                  marks[Mark::wrong]);
  auto page = read_file(AT_FDCWD, source_dir() + "/docs/precision.md");
  ASSERT_TRUE(page);
  EXPECT_NE(page->find(row), std::string::npos) << row;
  EXPECT_NE(precision_page({}).find(row), std::string::npos) << row;
}

TEST(LabelledLogs, CountAPackageInWhichNoTestMatchedWhereThatIsTheAnswer) {
  LabelledLog log{"x.log", {"no_tests_to_run"}, ""};
  Explained none = explained("ok  \tm/a\t0.1s [no tests to run]\n");
  EXPECT_EQ(mark_of(log, none), Mark::right);
  log.causes = {"failed_test"};
  EXPECT_EQ(mark_of(log, none), Mark::none);
}

}  // namespace
}  // namespace faultrig
