// The quiz, and the proof that each of its logs says what is asked of it.
#include "harness/lesson/quiz.h"

#include <fcntl.h>

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/cause_table.h"
#include "harness/explain/explainer.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr std::string_view kHead =
    "log\tkind\tcauses\tothers\tlines\tmade\twhy\n";

std::string complaint_about(const std::string& row) {
  std::string table = std::string(kHead) + row + "\n";
  std::vector<QuizFile> files{{"cases.tsv", table},
                              {"a.log", "signal: killed\nFAIL\n"}};
  auto cases = read_quiz(files);
  return cases ? "" : cases.error().what;
}

TEST(Quiz, ReadsACase) {
  std::string table =
      std::string(kHead) + "a.log\tsignals\tx y\tz\t2 1\tgo test\tso\n";
  std::vector<QuizFile> files{{"cases.tsv", table}, {"a.log", "one\ntwo\n"}};
  auto cases = read_quiz(files);
  ASSERT_TRUE(cases) << cases.error().what;
  const QuizCase& one = cases->front();
  EXPECT_EQ(one.causes, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(one.others, (std::vector<std::string>{"z"}));
  EXPECT_EQ(one.lines, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(one.log, "one\ntwo\n");
  EXPECT_FALSE(one.is_decided());
}

TEST(Quiz, SaysInWhichLineOfTheTableSomethingIsWrong) {
  EXPECT_EQ(complaint_about("a.log\tk\tx\ty z\t1\tgo test\tso"), "");
  EXPECT_EQ(complaint_about("b.log\tk\tx\ty z\t1\tgo test\tso"),
            "cases.tsv line 2: there is no log 'b.log'");
  EXPECT_THAT(complaint_about("a.log\tk\tx\ty\t1\tgo test\tso"),
              HasSubstr("2 causes are offered, not 3"));
  EXPECT_THAT(complaint_about("a.log\tk\tx y z\t-\t1\tgo test\tso"), "");
  EXPECT_THAT(complaint_about("a.log\tk\tx\ty z\t3\tgo test\tso"),
              HasSubstr("'lines' names no lines of the log"));
  EXPECT_THAT(complaint_about("a.log\tk\tx\ty z\t1x\tgo test\tso"),
              HasSubstr("'lines' names no lines of the log"));
  EXPECT_THAT(complaint_about("a.log\tk\tx\ty z\t1\t\tso"),
              HasSubstr("how it was made"));
  EXPECT_THAT(complaint_about("a.log\tk\tx\ty z\t1\tgo test"),
              HasSubstr("does not say why"));
  EXPECT_EQ(read_quiz({}).error().what, "cases.tsv has no rows");
}

// What the program carries.
const std::vector<QuizCase>& our_cases() {
  static const std::vector<QuizCase> cases = [] {
    auto read = read_quiz(quiz_files());
    EXPECT_TRUE(read) << read.error().what;
    return read ? *read : std::vector<QuizCase>();
  }();
  return cases;
}

std::vector<std::string> drawn(std::size_t count, std::uint64_t seed) {
  std::vector<std::string> out;
  for (const QuizQuestion& one : draw_quiz(our_cases(), count, seed)) {
    out.push_back(one.of->name + " " + join(one.answers, " "));
  }
  return out;
}

TEST(Quiz, DrawsTheSameForTheSameSeed) {
  EXPECT_EQ(drawn(10, 7), drawn(10, 7));
  EXPECT_NE(drawn(10, 7), drawn(10, 8));
  EXPECT_EQ(drawn(10, 7).size(), 10U);
  std::vector<std::string> all = drawn(1000, 7);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(),
            our_cases().size());
}

TEST(Quiz, KnowsWhichAnswerIsRight) {
  for (const QuizQuestion& one : draw_quiz(our_cases(), 1000, 3)) {
    EXPECT_EQ(one.answers.size(), kQuizCauses);
    if (one.of->is_decided()) {
      EXPECT_EQ(one.answers.at(one.right), one.of->causes.front());
    } else {
      EXPECT_EQ(one.right, one.answers.size());
    }
  }
}

Explained explained(const Explainer& explainer, const std::string& log) {
  LogExplainer reader(explainer);
  reader.feed(log);
  return reader.finish();
}

// What an explanation holds for possible, beside what it is sure of.
struct Held {
  std::vector<std::string> certain;
  std::vector<std::string> named;  // certain or not, or perhaps
  std::vector<std::string> seen;   // all of them, and what they outranked
};

Held held(const Explained& explained) {
  Held out;
  for (const Explanation& one : explained.explanations) {
    for (const Named& named : one.causes) {
      out.named.push_back(named.cause->id);
      if (named.sure == Sure::certain) {
        out.certain.push_back(named.cause->id);
      }
    }
    for (const Cause* cause : one.among) {
      out.named.push_back(cause->id);
    }
    for (const Weighed& weighed : one.outranked) {
      out.seen.push_back(weighed.named.cause->id);
    }
  }
  out.seen.insert(out.seen.end(), out.named.begin(), out.named.end());
  return out;
}

std::string without_lines(const QuizCase& one) {
  std::string out;
  std::size_t number = 0;
  for (std::string_view line : lines_of(one.log)) {
    bool decides = std::find(one.lines.begin(), one.lines.end(), ++number) !=
                   one.lines.end();
    out += decides ? "" : std::string(line) + "\n";
  }
  return out;
}

class QuizLogs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto table = cause_table();
    ASSERT_TRUE(table);
    causes_ = new std::vector<Cause>(*table);
    explainer_ = new Explainer(*causes_);
  }
  static void TearDownTestSuite() {
    delete explainer_;
    delete causes_;
  }
  static Held of(const std::string& log) {
    return held(explained(*explainer_, log));
  }

  static std::vector<Cause>* causes_;
  static Explainer* explainer_;
};

std::vector<Cause>* QuizLogs::causes_ = nullptr;
Explainer* QuizLogs::explainer_ = nullptr;

// What is wrong with a case, by what explain says of its log.
std::vector<std::string> troubles_of(const QuizCase& one, const Held& whole,
                                     const Held& without) {
  std::vector<std::string> out;
  for (const std::string& other : one.others) {
    bool may_be = std::find(whole.seen.begin(), whole.seen.end(), other) !=
                  whole.seen.end();
    if (may_be) {
      out.push_back(one.name + ": it may be " + other);
    }
  }
  if (one.is_decided() && whole.certain != one.causes) {
    out.push_back(one.name + ": it is not certain, or something else");
  }
  if (one.is_decided() && without.certain == one.causes) {
    out.push_back(one.name + ": other lines decide");
  }
  if (!one.is_decided() && !whole.certain.empty()) {
    out.push_back(one.name + ": it is certain");
  }
  for (const std::string& cause : one.causes) {
    if (std::find(whole.named.begin(), whole.named.end(), cause) ==
        whole.named.end()) {
      out.push_back(one.name + ": it is not " + cause);
    }
  }
  return out;
}

// A case that says something else than its log is told, whatever is wrong.
TEST_F(QuizLogs, ThatAreAskedWronglyAreFound) {
  QuizCase one;
  one.name = "kill.log";
  one.log = "signal: killed\nFAIL\tm/x\t0.1s\nFAIL\n";
  auto troubles = [&](std::vector<std::string> causes,
                      std::vector<std::string> others,
                      std::vector<std::size_t> lines) {
    one.causes = std::move(causes);
    one.others = std::move(others);
    one.lines = std::move(lines);
    return troubles_of(one, of(one.log), of(without_lines(one)));
  };
  EXPECT_THAT(troubles({"oom_kill", "killed_from_outside"}, {"sigterm"}, {1}),
              IsEmpty());
  EXPECT_THAT(troubles({"oom_kill"}, {"sigterm"}, {1}),
              testing::Contains(HasSubstr("not certain")));
  EXPECT_THAT(troubles({"oom_kill", "sigterm"}, {}, {1}),
              testing::ElementsAre("kill.log: it is not sigterm"));
  EXPECT_THAT(troubles({"oom_kill", "killed_from_outside"}, {"cpu_limit"}, {1}),
              testing::ElementsAre("kill.log: it may be cpu_limit"));
  one.log = "faultrig: x.test was killed by SIGTERM, by whom is unknown\n" +
            std::string("signal: terminated\nFAIL\tm/x\t0.1s\nFAIL\n");
  EXPECT_THAT(troubles({"sigterm"}, {"sigint"}, {1}), IsEmpty());
  EXPECT_THAT(troubles({"sigterm"}, {"sigint"}, {4}),
              testing::ElementsAre("kill.log: other lines decide"));
  EXPECT_THAT(troubles({"sigterm", "oom_kill"}, {}, {1}),
              testing::Contains("kill.log: it is certain"));
}

TEST_F(QuizLogs, DecideWhatIsAskedOrCannotTell) {
  for (const QuizCase& one : our_cases()) {
    EXPECT_THAT(troubles_of(one, of(one.log), of(without_lines(one))),
                IsEmpty());
  }
}

TEST_F(QuizLogs, OfferCausesThatTheTableHas) {
  std::vector<std::string> ids;
  for (const Cause& cause : *causes_) {
    ids.push_back(cause.id);
  }
  for (const QuizCase& one : our_cases()) {
    EXPECT_THAT(ids, IsSupersetOf(one.causes)) << one.name;
    EXPECT_THAT(ids, IsSupersetOf(one.others)) << one.name;
  }
}

// The scenario by which the atlas provokes a cause.
std::string scenario_of(const std::vector<Cause>& causes,
                        const std::string& id) {
  for (const Cause& cause : causes) {
    if (cause.id == id && !cause.scenario.empty()) {
      return cause.scenario + ".yaml";
    }
  }
  return "";
}

// By its name, or with the package that it starts.
bool provokes_as(const std::string& made, const std::string& scenario) {
  std::string text =
      read_file(AT_FDCWD, source_dir() + "/scenarios/" + scenario).value_or("");
  std::size_t at = text.find(" ./");
  std::size_t end = text.find_first_of(",\n]", at);
  std::string package =
      at == std::string::npos ? "" : text.substr(at + 3, end - at - 3);
  bool starts = made.find("./" + package) != std::string::npos ||
                made.find("cd " + package) != std::string::npos;
  return (!package.empty() && starts) ||
         made.find("scenarios/" + scenario) != std::string::npos;
}

TEST_F(QuizLogs, AreMadeOfWhatTheAtlasProvokes) {
  EXPECT_FALSE(provokes_as("go test ./hoard", "signal/hup_in_go_test.yaml"));
  for (const QuizCase& one : our_cases()) {
    EXPECT_TRUE(std::any_of(one.causes.begin(), one.causes.end(),
                            [&](const std::string& id) {
                              std::string scenario = scenario_of(*causes_, id);
                              return !scenario.empty() &&
                                     provokes_as(one.made, scenario);
                            }))
        << one.name;
  }
}

// Enough to learn from, short enough to be read, and nothing of a machine.
TEST_F(QuizLogs, AreManyShortAndOfManyKinds) {
  std::set<std::string> kinds;
  std::size_t undecided = 0;
  for (const QuizCase& one : our_cases()) {
    kinds.insert(one.kind);
    undecided += one.is_decided() ? 0 : 1;
    EXPECT_LE(lines_of(one.log).size(), 50U) << one.name;
    EXPECT_LE(one.why.size(), 3 * 76U) << one.name;
    EXPECT_THAT(one.log, testing::Not(HasSubstr("fixture"))) << one.name;
  }
  EXPECT_GE(our_cases().size(), 24U);
  EXPECT_GE(kinds.size(), 8U);
  EXPECT_GE(undecided, 8U);
}

}  // namespace
}  // namespace faultrig
