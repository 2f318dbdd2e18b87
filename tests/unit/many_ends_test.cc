// One log of 200 packages with 40 different ends, whole and cut at both ends.
#include <fcntl.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/explain/explainer.h"
#include "tests/source_dir.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

std::string testdata(const std::string& name) {
  return read_file(AT_FDCWD, source_dir() + "/tests/unit/testdata/" + name)
      .value_or("");
}

// The cause of each package that failed.
std::map<std::string, std::string> ends() {
  std::map<std::string, std::string> out;
  std::string table = testdata("many_ends.tsv");
  for (std::string_view line : lines_of(table)) {
    std::size_t tab = line.find('\t');
    out[std::string(line.substr(0, tab))] = line.substr(tab + 1);
  }
  return out;
}

TEST(ManyEnds, AreToldApartEach) {
  auto wanted = ends();
  ASSERT_EQ(wanted.size(), 160U);
  Explained all = explained(testdata("many_ends.log"));
  EXPECT_EQ(all.packages, 200U);
  ASSERT_EQ(all.explanations.size(), wanted.size());
  for (const Explanation& one : all.explanations) {
    ASSERT_EQ(one.causes.size(), 1U) << one.package;
    EXPECT_EQ(one.causes[0].cause->id, wanted[one.package]) << one.package;
  }
}

// Is it right, or says no more than it knows?
bool is_honest(const Explanation& one, const std::string& wanted) {
  const Named& named = one.causes.front();
  return named.cause->id == wanted || named.sure == Sure::possible ||
         named.cause->id == "not_built" ||
         std::any_of(one.among.begin(), one.among.end(),
                     [&](const Cause* among) { return among->id == wanted; });
}

// What is cut away may leave less to say, and nothing wrong.
TEST(ManyEnds, AreNeverToldWronglyWhereTheLogIsCut) {
  auto wanted = ends();
  std::string whole = testdata("many_ends.log");
  std::vector<std::string_view> lines = lines_of(whole);
  std::size_t told = 0;
  for (std::size_t from = 0; from + 60 < lines.size(); from += 7) {
    std::string log;
    for (std::size_t i = from; i < from + 10 + from % 43; ++i) {
      log += std::string(lines[i]) + "\n";
    }
    for (const Explanation& one : explained(log).explanations) {
      auto known = wanted.find(one.package);
      if (known != wanted.end() && !one.causes.empty()) {
        ++told;
        EXPECT_TRUE(is_honest(one, known->second))
            << one.package << " from line " << from;
      }
    }
  }
  EXPECT_GT(told, 300U);
}

}  // namespace
}  // namespace faultrig
