// What is made of profiles that evidence has.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/expectation.h"
#include "harness/model/observe.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

class Profiles : public TraceBuilder {
 public:
  // `each`: how much one sample stands for.
  Profiles& kept(const std::string& kind, const std::string& each) {
    Observation head = of(Fact::profile_kept, kind);
    head.path = "profiles/x.test/" + kind + ".pb.gz";
    head.names = {"delay", "nanoseconds", each};
    kind_ = kind;
    add(head);
    return *this;
  }
  // Functions, the innermost first.
  Profiles& stack(std::int64_t value, const std::vector<std::string>& functions,
                  const std::string& unknown = "") {
    Observation there = of(Fact::profile_there, kind_);
    there.number = value;
    GoStack stack;
    for (const std::string& function : functions) {
      stack.frames.push_back({function, "", 0});
    }
    stack.unknown = unknown;
    there.stack = std::make_shared<const GoStack>(stack);
    add(there);
    return *this;
  }
  Profiles& untold(std::int64_t value) {
    Observation rest = of(Fact::profile_untold, kind_);
    rest.number = value;
    add(rest);
    return *this;
  }
  Profiles& lost(const std::string& kind, const std::string& why) {
    Observation lost = of(Fact::profile_lost, kind);
    lost.text = why;
    add(lost);
    return *this;
  }

 private:
  static Observation of(Fact fact, const std::string& kind) {
    Observation out;
    out.fact = fact;
    out.link = "test";
    out.pid = 7;
    out.action = kind;
    return out;
  }
  std::string kind_;
};

Finding asked(const Profiles& trace, Params params,
              const std::string& kind = "mutex") {
  params.set("of", kind);
  return find_expectation("profile")->check(params, trace.evidence());
}

Finding share(const Profiles& trace, const std::string& in,
              NumberTest::Operator op, std::int64_t percent) {
  Params params;
  params.set("in", in);
  params.set("share", NumberTest{op, percent * 100});
  return asked(trace, params);
}

Finding hottest(const Profiles& trace, const std::string& name) {
  Params params;
  params.set("hottest", name);
  return asked(trace, params);
}

constexpr auto kLeast = NumberTest::Operator::at_least;
constexpr auto kMost = NumberTest::Operator::at_most;

Profiles counted() {
  return Profiles()
      .kept("mutex", "0")
      .stack(60, {"sync.(*Mutex).Unlock", "shop/orders.(*Book).record",
                  "shop.main"})
      .stack(40, {"sync.(*Mutex).Unlock", "shop.main"});
}

TEST(ProfileExpectation, CountsWhatIsBelowAFunction) {
  Finding found = share(counted(), "orders.(*Book).record", kLeast, 60);
  EXPECT_EQ(found.verdict, Verdict::pass) << found.because;
  EXPECT_THAT(found.because, HasSubstr("60.0%"));
  EXPECT_EQ(share(counted(), "orders.*", kLeast, 61).verdict, Verdict::fail);
  EXPECT_EQ(share(counted(), "orders.*", kMost, 60).verdict, Verdict::pass);
  EXPECT_EQ(share(counted(), "orders.*", kMost, 59).verdict, Verdict::fail);
  EXPECT_EQ(share(counted(), "shop.main", kLeast, 100).verdict, Verdict::pass);
  EXPECT_EQ(share(counted(), "other.*", kMost, 0).verdict, Verdict::pass);
}

// Ten samples of ten are no proof of more than some 60 %.
TEST(ProfileExpectation, KnowsWhatChanceDoesToSamples) {
  auto sampled = [](std::int64_t hot, std::int64_t cold) {
    return Profiles()
        .kept("mutex", "10")
        .stack(hot * 10, {"shop.hot"})
        .stack(cold * 10, {"shop.cold"});
  };
  EXPECT_EQ(share(sampled(9, 1), "shop.hot", kLeast, 80).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(share(sampled(9, 1), "shop.hot", kMost, 80).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(share(sampled(900, 100), "shop.hot", kLeast, 80).verdict,
            Verdict::pass);
  EXPECT_EQ(share(sampled(900, 100), "shop.hot", kMost, 80).verdict,
            Verdict::fail);
  EXPECT_EQ(hottest(sampled(6, 4), "shop.hot").verdict, Verdict::inconclusive);
  EXPECT_EQ(hottest(sampled(600, 400), "shop.hot").verdict, Verdict::pass);
  EXPECT_EQ(hottest(sampled(600, 400), "shop.cold").verdict, Verdict::fail);
}

TEST(ProfileExpectation, NamesTheProgramsOwnFunctionTheHottest) {
  Finding found = hottest(counted(), "orders.*");
  EXPECT_EQ(found.verdict, Verdict::pass) << found.because;
  EXPECT_THAT(found.because, HasSubstr("'shop/orders.(*Book).record': 60.0%"));
  EXPECT_EQ(hottest(counted(), "sync.(*Mutex).Unlock").verdict, Verdict::fail);
}

TEST(ProfileExpectation, DoesNotKnowWhoseWhatIsUntoldIs) {
  Profiles trace = counted().untold(100);
  EXPECT_EQ(share(trace, "orders.*", kLeast, 30).verdict, Verdict::pass);
  EXPECT_EQ(share(trace, "orders.*", kLeast, 40).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(share(trace, "orders.*", kMost, 80).verdict, Verdict::pass);
  EXPECT_EQ(hottest(trace, "orders.*").verdict, Verdict::inconclusive);
}

// Who called so deep a recursion of Go's own is not told.
TEST(ProfileExpectation, BlamesGoForNothingThatIsTooDeepToTell) {
  EXPECT_EQ(
      hottest(counted().stack(15, {"regexp.a"}, "deeper"), "orders.*").verdict,
      Verdict::pass);
  Profiles trace = counted().stack(900, {"regexp.a", "regexp.a"}, "deeper");
  EXPECT_EQ(hottest(trace, "regexp.*").verdict, Verdict::inconclusive);
  EXPECT_EQ(hottest(trace, "orders.*").verdict, Verdict::inconclusive);
}

TEST(ProfileExpectation, AddsUpAllBinaries) {
  Profiles trace = counted();
  trace.kept("mutex", "0").stack(100, {"shop.other"});
  EXPECT_EQ(share(trace, "orders.*", kMost, 30).verdict, Verdict::pass);
  trace.kept("cpu", "10").stack(10000, {"shop/orders.x"});
  EXPECT_EQ(share(trace, "orders.*", kMost, 30).verdict, Verdict::pass);
}

TEST(ProfileExpectation, CannotTellWithoutAWholeProfile) {
  Finding found =
      share(counted().lost("mutex", "os.Exit ends it"), "orders.*", kLeast, 10);
  EXPECT_EQ(found.verdict, Verdict::inconclusive);
  EXPECT_THAT(found.because, HasSubstr("os.Exit ends it"));
  EXPECT_EQ(
      share(counted().lost("cpu", "killed"), "orders.*", kLeast, 10).verdict,
      Verdict::pass);
  EXPECT_EQ(share(Profiles(), "orders.*", kMost, 10).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(share(Profiles().kept("mutex", "0"), "orders.*", kMost, 10).verdict,
            Verdict::inconclusive);
}

}  // namespace
}  // namespace faultrig
