// What a run showed, from evidence by hand.
#include "harness/judge/features.h"

#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/leads_nowhere.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = FeatureKind;

class ShownRun : public TraceBuilder {
 public:
  ShownRun() {
    Observation start;
    start.fact = Fact::run_started;
    start.path = "/src/shop";
    start.names = {"/tmp/faultrig-1"};
    add(start);
  }
  // Functions, the innermost first.
  ShownRun& seen(Fact fact, const std::string& action,
                 const std::vector<std::string>& functions,
                 const std::string& call = "") {
    Observation one;
    one.fact = fact;
    one.link = "test";
    one.action = action;
    one.call = call;
    one.number = 1;
    one.stack = stack_of(functions);
    add(one);
    return *this;
  }
  ShownRun& calls(const std::string& call, const std::string& path,
                  const std::string& text,
                  const std::vector<std::string>& functions) {
    Observation one;
    one.fact = Fact::call_intercepted;
    one.call = call;
    one.path = path;
    one.text = text;
    one.stack = stack_of(functions);
    add(one);
    return *this;
  }
  RunFeatures features() const { return features_of(evidence(), true); }
  std::set<Feature> all() const { return features().seen; }

 private:
  static GoStackPtr stack_of(const std::vector<std::string>& functions) {
    GoStack stack;
    for (const std::string& function : functions) {
      bool main = function == "main.main";
      stack.frames.push_back({function, main ? "_testmain.go" : "shop.go", 1});
    }
    return std::make_shared<const GoStack>(stack);
  }
};

TEST(Features, OfHowItEndedAndOfItsTests) {
  ShownRun run;
  run.test("TestPay", "run").test("TestPay", "fail").exited("test", 1);
  EXPECT_THAT(run.all(), Contains(Feature{Kind::exit, "exited 1", "test"}));
  EXPECT_THAT(run.all(), Contains(Feature{Kind::test, "fail", "TestPay"}));
  EXPECT_EQ(run.all().size(), 2U);
}

TEST(Features, OfAWaitIsTheFunctionOfTheProgramThatAskedForIt) {
  ShownRun run;
  run.add(Observation{.fact = Fact::profile_kept, .action = "block"});
  run.seen(Fact::profile_there, "block",
           {"internal/sync.(*Mutex).Lock", "sync.(*Mutex).Lock",
            "example.com/shop/v2.record", "example.com/shop/v2.pay"});
  run.seen(Fact::profile_there, "block",
           {"runtime.chanrecv1", "net/http.(*persistConn).roundTrip",
            "example.com/shop/v2.ask"});
  run.seen(Fact::profile_there, "mutex",
           {"sync.(*Mutex).Unlock", "example.com/shop.other"});
  EXPECT_THAT(run.all(), Contains(Feature{Kind::block, "sync.(*Mutex).Lock",
                                          "example.com/shop.record"}));
  EXPECT_EQ(run.all().size(), 1U);
}

TEST(Features, OfAFileThatIsNotThereAreCallErrorAndPath) {
  ShownRun run;
  run.calls("openat", "/src/shop/testdata/none",
            std::string(kLeadsNowhere) + "ENOENT",
            {"syscall.openat", "os.Open", "shop.load"});
  run.calls("unlinkat", "/tmp/faultrig-1/a12345", "",
            {"os.Remove", "shop.load"});
  EXPECT_THAT(run.all(),
              Contains(Feature{Kind::error, "openat ENOENT ./testdata/none",
                               "shop.load"}));
  EXPECT_THAT(run.all(), Contains(Feature{Kind::call, "openat", ""}));
  EXPECT_THAT(run.all(), Contains(Feature{Kind::call, "unlinkat", ""}));
  EXPECT_EQ(run.all().size(), 3U);
}

TEST(Features, OfAnErrorThatWeMadeToo) {
  ShownRun run;
  run.call("fsync", "/tmp/faultrig-1/journal", EIO);
  EXPECT_THAT(run.all(),
              Contains(Feature{Kind::error, "fsync EIO $TMPDIR/journal", ""}));
}

// They come and go with the load of the machine.
TEST(Features, CallsOfGoItselfAreNone) {
  ShownRun run;
  run.calls("openat", "/sys/kernel/mm", std::string(kLeadsNowhere) + "ENOENT",
            {"syscall.openat", "runtime.schedinit"});
  run.calls("openat", "/proc/self", "",
            {"os.Open", "testing.(*M).Run", "main.main"});
  EXPECT_TRUE(run.all().empty());
}

TEST(Features, OfGoroutinesAtTheEnd) {
  ShownRun run;
  run.seen(Fact::goroutine_look, "test", {});
  run.seen(Fact::goroutines_there, "select", {"shop.early"}, "shop.Start");
  run.seen(Fact::goroutine_look, "end", {});
  run.seen(Fact::goroutines_there, "chan receive, 3 minutes",
           {"runtime.gopark", "runtime.chanrecv1", "shop.worker"},
           "shop.StartAll");
  run.seen(Fact::goroutines_there, "running", {"shop.spin"}, "shop.StartAll");
  EXPECT_THAT(run.all(), Contains(Feature{Kind::created, "shop.StartAll", ""}));
  EXPECT_THAT(run.all(),
              Contains(Feature{Kind::wait, "chan receive", "shop.worker"}));
  EXPECT_EQ(run.all().size(), 2U);
}

TEST(Features, WhatNobodyCouldSeeIsTold) {
  ShownRun run;
  Observation lost{.fact = Fact::profile_lost, .action = "block"};
  lost.text = "os.Exit ends it before the profile is written";
  run.add(lost).exited("test", 0);
  RunFeatures seen = run.features();
  EXPECT_THAT(seen.unseen.at(Kind::block), HasSubstr("os.Exit"));
  EXPECT_THAT(seen.unseen.at(Kind::test), HasSubstr("no test"));
  EXPECT_THAT(seen.unseen.at(Kind::wait), HasSubstr("not looked at"));
  EXPECT_FALSE(seen.unseen.contains(Kind::call));
  EXPECT_EQ(features_of(run.evidence(), false).unseen.at(Kind::error),
            "its calls were not watched");
}

TEST(Features, SumsDoNotSayWhetherAFileWasThere) {
  ShownRun run;
  run.calls("openat", "/a", std::string(kLeadsNowhere) + "ENOENT", {"shop.f"});
  Observation more{.fact = Fact::calls_untold, .number = 7};
  more.call = "openat";
  run.add(more);
  EXPECT_TRUE(run.features().unseen.contains(Kind::error));
  EXPECT_FALSE(run.features().unseen.contains(Kind::call));
}

}  // namespace
}  // namespace faultrig
