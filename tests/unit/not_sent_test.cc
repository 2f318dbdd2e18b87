// What our own load did not send is said beside every verdict.
#include "harness/judge/not_sent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/request.h"
#include "harness/report/text.h"
#include "harness/sweep/findings.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TraceBuilder& sum(TraceBuilder& trace, std::string_view end, int times) {
  trace.add(Fact::requests_untold, "service", times);
  trace.parts.trace.back().action = end;
  return trace;
}

TraceBuilder fast_load() {
  TraceBuilder trace;
  trace.parts.golden = Golden::good;
  trace.exited("service", 0);
  sum(trace, word_for(RequestEnd::answered), 7000);
  sum(trace, kNeverSent, 35000);
  return trace;
}

Scenario asking_for(const std::string& expectation, const std::string& key) {
  Scenario out;
  out.name = "fast";
  out.workload.service.emplace();
  Expectation expected;
  expected.type = expectation;
  expected.params = params(key, equal(key == "exited" ? 0 : 35000));
  out.expect.push_back(std::move(expected));
  return out;
}

TEST(NotSent, IsToldOfAPass) {
  Judgement passed =
      judge(asking_for("service", "exited"), fast_load().evidence());
  EXPECT_EQ(passed.verdict, Verdict::pass);
  std::string text = result_text(passed, {});
  EXPECT_THAT(text, HasSubstr("note      35000 of 42000 requests were due and "
                              "never sent"));
}

TEST(NotSent, IsToldOfAFailure) {
  TraceBuilder trace = fast_load();
  Scenario scenario = asking_for("service", "exited");
  scenario.expect[0].params = params("exited", equal(3));
  Judgement failed = judge(scenario, trace.evidence());
  EXPECT_EQ(failed.verdict, Verdict::fail);
  EXPECT_THAT(failed.findings.back().because, HasSubstr("35000 of 42000"));
  EXPECT_THAT(failed.findings.front().because, Not(HasSubstr("35000")));
}

TEST(NotSent, IsNoNewsWhereItIsAskedFor) {
  Judgement passed =
      judge(asking_for("requests", "never_sent"), fast_load().evidence());
  EXPECT_EQ(passed.verdict, Verdict::pass);
  EXPECT_THAT(result_text(passed, {}), Not(HasSubstr("note")));
}

TEST(NotSent, NamesALimitOfOurs) {
  TraceBuilder trace;
  EXPECT_THAT(not_sent(trace.evidence()), IsEmpty());
  sum(trace, word_for(RequestEnd::answered), 15);
  sum(trace, word_for(RequestEnd::own_limit), 85);
  EXPECT_THAT(not_sent(trace.evidence()),
              ElementsAre(HasSubstr("own limit: 85 of 100")));
}

TEST(NotSent, IsToldBesideTheVerdictOfAMap) {
  ShutdownMap map;
  Instant idle;
  idle.phase = Phase::ready;
  idle.tie = Instant::Tie::ready;
  StopOutcome clean{StopOutcome::End::exited, 0};
  clean.requests.answered = 5;
  clean.requests.never_sent = 3;
  map.points.push_back({idle, {clean}});
  conclude_map(map);
  EXPECT_THAT(
      map.remarks,
      ElementsAre(HasSubstr("3 of 8 requests were due and never sent")));
}

}  // namespace
}  // namespace faultrig
