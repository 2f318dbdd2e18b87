#include "harness/judge/run_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::SizeIs;

TraceBuilder many_calls() {
  TraceBuilder trace;
  trace.add(Fact::run_started);
  for (int i = 0; i < 1000; ++i) {
    trace.call("write", "/tmp/log");
  }
  trace.exited("test", 2, "store.test");
  return trace;
}

RunDetails details(const TraceBuilder& trace, const Judgement& judgement) {
  return details_of(Scenario(), Evidence(trace.parts), judgement);
}

TEST(RunDetails, KeepWhatAFindingCitesHoweverLateItCame) {
  Judgement judgement;
  judgement.findings = {{Verdict::pass, "", {900}, ""}};
  EXPECT_THAT(details(many_calls(), judgement).rows,
              Contains(Field(&TimelineRow::index, 900)));
}

TEST(RunDetails, KeepTheEndsOfProcessesBeforeCalls) {
  RunDetails out = details(many_calls(), {});
  EXPECT_THAT(out.rows,
              Contains(AllOf(Field(&TimelineRow::fact, "process_ended"),
                             Field(&TimelineRow::text, "test exited 2"))));
  EXPECT_EQ(out.rows.size() + out.rows_left_out, 1002u);
  EXPECT_GT(out.rows_left_out, 0u);
}

TEST(RunDetails, AreInTheOrderOfTime) {
  RunDetails out = details(many_calls(), {});
  for (std::size_t i = 1; i < out.rows.size(); ++i) {
    EXPECT_LT(out.rows[i - 1].at, out.rows[i].at);
  }
}

TEST(RunDetails, TellMoreOfWhatDidNotPass) {
  Judgement failed;
  failed.verdict = Verdict::fail;
  EXPECT_GT(details(many_calls(), failed).rows.size(),
            details(many_calls(), {}).rows.size());
}

TEST(RunDetails, KeepTheEndOfAStreamAndSayWhatWasBefore) {
  TraceBuilder trace;
  trace.parts.out = std::string(100000, 'x') + "the last words";
  RunDetails out = details(trace, {});
  EXPECT_TRUE(out.out.text.ends_with("the last words"));
  EXPECT_EQ(out.out.left_out + out.out.text.size(), 100014u);
}

TEST(RunDetails, CutALongLine) {
  TraceBuilder trace;
  trace.add(Fact::trouble, "", 0, std::string(5000, 'x'));
  ASSERT_THAT(details(trace, {}).rows, SizeIs(1));
  EXPECT_LT(details(trace, {}).rows[0].text.size(), 400u);
}

TEST(RunDetails, NameAFaultAsItsAuthorDid) {
  TraceBuilder trace;
  trace.fault("memory", "the cap");
  EXPECT_THAT(details(trace, {}).rows.at(0).text,
              testing::HasSubstr("'the cap'"));
}

}  // namespace
}  // namespace faultrig
