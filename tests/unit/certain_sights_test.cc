// A sight that says `certain` of a log rests on who said the words, and that
// is told by where they stand: at the start of a line of the runtime's or of
// go's own, below the header of a build, or in go's line on the package. What
// else may have said them is named by `also`.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "harness/model/cause.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;

// The alternatives of a pattern, `a|b`, that stand in no brackets.
std::vector<std::string> alternatives(const std::string& pattern) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    char byte = pattern[at];
    if (byte == '\\') {
      out.back() += pattern.substr(at++, 2);
      continue;
    }
    depth += !in_class && byte == '(' ? 1 : 0;
    depth -= !in_class && byte == ')' ? 1 : 0;
    in_class = byte == '[' || (in_class && byte != ']');
    if (byte == '|' && depth == 0 && !in_class) {
      out.emplace_back();
    } else {
      out.back() += byte;
    }
  }
  return out;
}

bool has_any(const Sight& sight, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (sight.params.entries().contains(key)) {
      return true;
    }
  }
  return false;
}

TEST(CertainSights, BeginWhereTheWordsOfACrashDo) {
  int seen = 0;
  for (const Cause& cause : all_causes()) {
    for (const Sight& sight : cause.sights) {
      const auto* crash = sight.params.find<std::string>("crash");
      if (sight.sure != Sure::certain || crash == nullptr) {
        continue;
      }
      ++seen;
      for (const std::string& one : alternatives(*crash)) {
        EXPECT_TRUE(one.starts_with("^")) << cause.id << ": " << one;
      }
    }
  }
  EXPECT_GT(seen, 40);
}

TEST(CertainSights, NeverRestOnTheNumberOfACommand) {
  for (const Cause& cause : all_causes()) {
    for (const Sight& sight : cause.sights) {
      const auto* ends = sight.params.find<std::vector<std::string>>("command");
      bool none =
          ends == nullptr || *ends == std::vector<std::string>{"unknown"};
      EXPECT_TRUE(none || sight.sure != Sure::certain) << cause.id;
    }
  }
}

// Of a log, a word for an end alone may be an -exec program's, or printed.
TEST(CertainSights, RestOnMoreThanAnEndOrNameWhoElseEndsSo) {
  for (const Cause& cause : all_causes()) {
    for (const Sight& sight : cause.sights) {
      const auto* ends = sight.params.find<std::vector<std::string>>("test");
      bool witness = has_any(
          sight, {"witnessed", "oom", "go", "watched", "argv", "command"});
      bool words = has_any(sight, {"crash", "said", "built", "failed"});
      if (sight.sure == Sure::certain && ends != nullptr && !witness &&
          !words) {
        EXPECT_FALSE(cause.alike.also.empty() && cause.hidden.empty())
            << cause.id;
      }
    }
  }
}

// What the reader makes of it, whatever the table says.
TEST(CertainSights, AreLikelyAtMostWhereAnybodyMayHavePrintedTheLine) {
  LogExplainer reader(explainer());
  reader.feed(
      "This program can only be run on AMD64 processors with v3 "
      "microarchitecture support.\nFAIL\tm/store\t0.1s\n");
  Explained explained = reader.finish();
  ASSERT_EQ(explained.explanations.size(), 1U);
  EXPECT_EQ(explained.explanations[0].causes[0].sure, Sure::likely);
}

std::vector<std::string> causes_behind(const std::string& printed) {
  return causes_of(printed + "FAIL\texample.com/m/store\t0.1s\nFAIL\n");
}

TEST(CertainSights, AskWhetherItIsThePackagesOwnBinaryThatDidNotStart) {
  const std::pair<const char*, const char*> rows[] = {
      {": permission denied", "exec_denied"},
      {": no such file or directory", "missing_loader"},
      {": exec format error", "other_architecture"},
      {": text file busy", "exec_busy"}};
  for (const auto& [words, id] : rows) {
    std::string own = std::string("fork/exec /tmp/b001/store.test") + words;
    std::string other = std::string("fork/exec /tmp/x/other.test") + words;
    EXPECT_THAT(causes_behind(own + "\n"),
                ElementsAre(std::string(id) + " likely"));
    EXPECT_THAT(causes_behind(other + "\n"),
                ElementsAre(std::string(id) + " possible"));
  }
}

TEST(CertainSights, HearTheWitnessOfAnExecProgram) {
  EXPECT_THAT(causes_behind("faultrig: timeout (store) exited 124\n"),
              ElementsAre("exec_timeout certain"));
  EXPECT_THAT(causes_behind("Killed\nfaultrig: sh (store) exited 137, last "
                            "line 'Killed'\n"),
              ElementsAre("exits_like_a_kill possible"));
  EXPECT_THAT(causes_behind("faultrig: sh (other) exited 137\n"),
              ElementsAre("exit_hidden possible"));
}

}  // namespace
}  // namespace faultrig
