// When spans were, by our clock, and which of them count.
#include "harness/run/taken_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::SizeIs;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kWall = 1'700'000'000'000'000'000;
constexpr std::int64_t kMonotonic = 5'000'000'000;
constexpr std::int64_t kLaunched = kMonotonic - 1'000'000'000;

// It ended so long before it came, in nanoseconds.
Span ended_before(std::int64_t ago) {
  Span span;
  span.trace = "11";
  span.id = "22";
  span.name = "GET /";
  span.end_ns = kWall - ago;
  span.start_ns = span.end_ns - 5;
  return span;
}

SpansCame came(std::vector<Span> spans) {
  return {kMonotonic, kWall, std::move(spans)};
}

TEST(TakenSpans, HaveTheTimeOfOurClock) {
  PlacedSpans out = TakenSpans().take(came({ended_before(7)}), kLaunched);
  ASSERT_THAT(out.spans, SizeIs(1));
  EXPECT_EQ(out.spans[0].at.count(), kMonotonic - 7);
  EXPECT_EQ(out.spans[0].number, 5);
  EXPECT_EQ(out.spans[0].names.at(kSpanClock), "");
}

TEST(TakenSpans, HaveEndedWhenTheyCome) {
  EXPECT_EQ(TakenSpans()
                .take(came({ended_before(-2 * kMillisecond)}), kLaunched)
                .strange,
            1U);
  EXPECT_EQ(
      TakenSpans().take(came({ended_before(-kMillisecond)}), kLaunched).strange,
      0U);
}

TEST(TakenSpans, AreOfThisRun) {
  EXPECT_EQ(TakenSpans()
                .take(came({ended_before(2000 * kMillisecond)}), kLaunched)
                .strange,
            1U);
}

TEST(TakenSpans, CountOnceThoughTheyAreSentAgain) {
  TakenSpans taken;
  Span one = ended_before(7);
  Span other = one;
  other.id = "33";
  EXPECT_THAT(taken.take(came({one, one}), kLaunched).spans, SizeIs(1));
  PlacedSpans again = taken.take(came({one, other}), kLaunched);
  EXPECT_THAT(again.spans, SizeIs(1));
  EXPECT_EQ(again.alike, 0U);
  other.name = "POST /";
  EXPECT_EQ(taken.take(came({other}), kLaunched).alike, 1U);
}

TEST(TakenSpans, SayWhereTheirClockIsCoarse) {
  Span coarse = ended_before(0);
  coarse.start_ns = kWall - 3 * kMillisecond;
  PlacedSpans out = TakenSpans().take(came({coarse}), kLaunched);
  EXPECT_EQ(out.spans.at(0).names.at(kSpanClock), kCoarseClock);
}

}  // namespace
}  // namespace faultrig
