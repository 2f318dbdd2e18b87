// The table of causes itself: well formed, whole, and told in few words.
#include "harness/model/cause.h"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/columns.h"
#include "harness/campaign/cause_table.h"
#include "harness/explain/explainer.h"
#include "harness/parse/cause_reader.h"
#include "harness/report/explanation_text.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

const std::vector<Cause>& table() {
  static const auto causes = cause_table();
  if (!causes) {
    ADD_FAILURE() << causes.error().what;
    static const std::vector<Cause> kNone;
    return kNone;
  }
  return *causes;
}

std::set<std::string> ids() {
  std::set<std::string> out;
  for (const Cause& cause : table()) {
    EXPECT_TRUE(out.insert(cause.id).second) << cause.id << " stands twice";
  }
  return out;
}

TEST(Causes, AreAtLeastEighty) {
  std::size_t specific = 0;
  for (const Cause& cause : table()) {
    specific += cause.general ? 0 : 1;
  }
  EXPECT_GE(specific, 80U);
}

TEST(Causes, HaveAScenarioEach) {
  for (const Cause& cause : table()) {
    std::string path = source_dir() + "/scenarios/" + cause.scenario + ".yaml";
    EXPECT_TRUE(std::filesystem::exists(path)) << cause.id << ": " << path;
  }
}

TEST(Causes, NameOnlyCausesThatThereAre) {
  std::set<std::string> known = ids();
  for (const Cause& cause : table()) {
    EXPECT_EQ(cause.general, !cause.among.empty()) << cause.id;
    for (const std::string& id : cause.among) {
      EXPECT_TRUE(known.contains(id)) << cause.id << ": " << id;
    }
  }
}

// mmap_base of the kernel lies up to 1 TiB and a gap below the end of what
// processes have: now and then a stack of C is at 0x7e....
TEST(Causes, KnowAStackOfCWhereverItIsMapped) {
  const Explainer explainer(table());
  for (const std::string address : {"0x7ffc1e5d9ff8", "0x7effe2a01ff8"}) {
    LogExplainer log(explainer);
    log.feed("SIGSEGV: segmentation violation\nPC=0x4f00 m=0 sigcode=1 addr=" +
             address +
             "\nsignal arrived during cgo execution\n\ngoroutine 6 gp=0xc0 "
             "m=0 mp=0x6 [syscall]:\nruntime.cgocall(0x4f, 0xc0)\n"
             "\t/go/src/runtime/cgocall.go:167 +0x4b\n"
             "FAIL\texample.com/deep\t0.1s\n");
    Explained explained = log.finish();
    ASSERT_EQ(explained.explanations.size(), 1U);
    ASSERT_FALSE(explained.explanations[0].causes.empty()) << address;
    EXPECT_EQ(explained.explanations[0].causes[0].cause->id, "c_stack_overflow")
        << address;
  }
}

TEST(Causes, AreExplainedInSixLines) {
  for (const Cause& cause : table()) {
    std::string text = wrapped("", cause.explain, 4);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 6) << cause.id;
  }
}

TEST(Causes, HoldForRangesOfVersions) {
  EXPECT_TRUE(holds_for("", "go1.26.8"));
  EXPECT_TRUE(holds_for("1.21-", "go1.21.13"));
  EXPECT_TRUE(holds_for("1.19-1.20", "go1.20"));
  EXPECT_TRUE(holds_for("1.21-", "devel"));
  EXPECT_FALSE(holds_for("1.21-", "go1.19.8"));
  EXPECT_FALSE(holds_for("1.19-1.20", "go1.26.8"));
  EXPECT_FALSE(holds_for("1.19", "go1.26.8"));
}

TEST(Causes, AreReadWithAPlaceForEveryMistake) {
  ReadCauses read = read_causes(
      "causes:\n  - id: a\n    title: t\n    link: moon\n    explain: e\n"
      "    do: d\n    source: s\n    scenario: x\n    ends: {test: 1}\n"
      "    seen:\n      - {crassh: x}\n");
  ASSERT_GE(read.complaints.size(), 2U);
  EXPECT_EQ(read.complaints[0].place.line, 4);
  EXPECT_EQ(read.complaints.back().place.line, 11);
  EXPECT_NE(read.complaints.back().what.find("'crash'"), std::string::npos)
      << read.complaints.back().what;
  EXPECT_TRUE(read.causes.empty());
}

TEST(Causes, ShowTheirCodesAtEveryLink) {
  std::set<std::string> links;
  for (const Showing& one : showings_of(255, table())) {
    links.insert(one.link);
  }
  EXPECT_TRUE(links.contains("test"));
  EXPECT_FALSE(links.contains("go_test")) << "go test never ends with 255";
  for (const Showing& one : showings_of(137, table())) {
    EXPECT_TRUE(one.shows == "SIGKILL" || one.shows.starts_with("137") ||
                one.shows == "129 to 159")
        << one.cause->id << ": " << one.shows;
  }
}

}  // namespace
}  // namespace faultrig
