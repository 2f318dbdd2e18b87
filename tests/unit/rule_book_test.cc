#include "harness/run/rule_book.h"

#include <cerrno>
#include <stdexcept>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using Which = RuleBook::Which;

CallRule rule(std::vector<std::string> calls) {
  CallRule out;
  out.fault = 0;
  out.calls = std::move(calls);
  out.action = CallAction::error;
  out.number = EIO;
  return out;
}

CallView call(const std::string& name, const std::string& path = "/tmp/a",
              FdKind kind = FdKind::file) {
  FileNames files;
  files.add(path);
  return {name, [files]() -> const FileNames& { return files; },
          [kind] { return FdKinds{kind}; }, [] { return false; },
          [] { return std::make_shared<const GoStack>(); }};
}

CallView through(const std::string& name, const std::string& function,
                 const std::string& unknown = "") {
  CallView view = call(name);
  view.stack = [function, unknown] {
    return std::make_shared<const GoStack>(
        GoStack{{{function, "f.go", 1}}, unknown});
  };
  return view;
}

CallView naming(const std::string& name, FileNames files) {
  CallView view = call(name);
  view.files = [files]() -> const FileNames& { return files; };
  return view;
}

std::size_t hits(RuleBook& book, const CallView& view, int times) {
  std::size_t count = 0;
  for (int i = 0; i < times; ++i) {
    count += book.look_up(view, Which::others).size();
  }
  return count;
}

TEST(RuleBook, SelectsTheNthOfMatchingCallsOnly) {
  CallRule third = rule({"openat"});
  third.nth = Nth{3, 3, 1};
  third.path = "*/wanted";
  RuleBook book({third}, 1);
  EXPECT_EQ(hits(book, call("openat", "/x/other"), 10), 0U);
  EXPECT_EQ(hits(book, call("fsync", "/x/wanted"), 10), 0U);
  EXPECT_EQ(hits(book, call("openat", "/x/wanted"), 2), 0U);
  EXPECT_EQ(hits(book, call("openat", "/x/wanted"), 1), 1U);
  EXPECT_EQ(hits(book, call("openat", "/x/wanted"), 10), 0U);
}

TEST(RuleBook, LeavesTheStandardStreamsAloneUnlessAsked) {
  RuleBook usual({rule({"write"})}, 1);
  EXPECT_EQ(hits(usual, call("write", "", FdKind::stdio), 3), 0U);
  CallRule asked = rule({"write"});
  asked.fd = FdKind::stdio;
  RuleBook stdio({asked}, 1);
  EXPECT_EQ(hits(stdio, call("write", "", FdKind::stdio), 3), 3U);
  EXPECT_EQ(hits(stdio, call("write", "", FdKind::file), 3), 0U);
}

// A service that has closed its stderr listens at descriptor 2.
TEST(RuleBook, TakesNoSocketThatListensForAStandardStream) {
  std::vector<FilterRule> filter =
      RuleBook({rule({"listen", "accept4", "bind", "connect"})}, 1)
          .filter_rules();
  ASSERT_EQ(filter.size(), 4U);
  for (const FilterRule& one : filter) {
    EXPECT_EQ(one.stdio, FilterRule::Stdio::either) << one.call;
  }
  filter = RuleBook({rule({"write"})}, 1).filter_rules();
  EXPECT_EQ(filter.front().stdio, FilterRule::Stdio::never);
}

TEST(RuleBook, WaitsForItsFaultToBeActivated) {
  CallRule later = rule({"read"});
  later.active_from_start = false;
  RuleBook book({later}, 1);
  EXPECT_EQ(hits(book, call("read"), 3), 0U);
  book.select(7, true);
  EXPECT_EQ(hits(book, call("read"), 3), 0U);
  book.select(0, true);
  EXPECT_EQ(hits(book, call("read"), 3), 3U);
}

TEST(RuleBook, DrawsTheSameChancesFromTheSameSeed) {
  CallRule sometimes = rule({"read"});
  sometimes.chance = 0.25;
  auto drawn = [&](std::uint64_t seed) {
    RuleBook book({sometimes}, seed);
    std::vector<bool> out;
    for (int i = 0; i < 400; ++i) {
      out.push_back(!book.look_up(call("read"), Which::others).empty());
    }
    return out;
  };
  EXPECT_EQ(drawn(5), drawn(5));
  EXPECT_NE(drawn(5), drawn(6));
  auto five = drawn(5);
  auto count = std::count(five.begin(), five.end(), true);
  EXPECT_GT(count, 60);
  EXPECT_LT(count, 140);
}

TEST(RuleBook, AsksTheListenerWhereTwoRulesWantOneCall) {
  CallRule silent = rule({"fsync"});
  silent.in_kernel = true;
  RuleBook alone({silent}, 1);
  ASSERT_EQ(alone.filter_rules().size(), 1U);
  EXPECT_EQ(alone.filter_rules()[0].kernel_error, EIO);
  RuleBook both({silent, rule({"fsync"})}, 1);
  ASSERT_EQ(both.filter_rules().size(), 1U);
  EXPECT_FALSE(both.filter_rules()[0].kernel_error);
}

TEST(RuleBook, LeavesAStaticRuleOfAGoldenRunOutOfTheFilter) {
  CallRule silent = rule({"fsync"});
  silent.in_kernel = true;
  silent.action = CallAction::observe;
  RuleBook golden({silent}, 1);
  EXPECT_TRUE(golden.filter_rules().empty());
}

// sendfile(1, file) is a call on that file.
TEST(RuleBook, TakesACallOnTwoDescriptorsForOneOnEither) {
  CallView view = call("sendfile");
  view.fd_kinds = [] { return FdKinds{FdKind::stdio, FdKind::file}; };
  for (FdKind kind : {FdKind::any_but_stdio, FdKind::stdio, FdKind::file}) {
    CallRule asked = rule({"sendfile"});
    asked.fd = kind;
    RuleBook book({asked}, 1);
    EXPECT_EQ(hits(book, view, 1), 1U) << fd_kind_name(kind);
    ASSERT_EQ(book.filter_rules().size(), 1U);
    EXPECT_EQ(book.filter_rules()[0].stdio, FilterRule::Stdio::either);
  }
  CallRule pipe = rule({"sendfile"});
  pipe.fd = FdKind::pipe;
  RuleBook book({pipe}, 1);
  EXPECT_EQ(hits(book, view, 1), 0U);
}

TEST(RuleBook, SeesADuplicateOfStdinMeetTheLimit) {
  CallRule full = rule({"dup", "socket"});
  full.test = CallTest::fd_limit;
  RuleBook book({full}, 1);
  for (const FilterRule& filter : book.filter_rules()) {
    EXPECT_EQ(filter.stdio, FilterRule::Stdio::either) << filter.call;
  }
  CallView view = call("dup", "", FdKind::stdio);
  EXPECT_EQ(hits(book, view, 1), 0U);
  view.fd_table_full = [] { return true; };
  EXPECT_EQ(hits(book, view, 1), 1U);
}

TEST(RuleBook, AsksEveryNameOfEveryFile) {
  CallRule target = rule({"rename"});
  target.path = "*/ledger";
  RuleBook book({target}, 1);
  EXPECT_EQ(hits(book, naming("rename", {{"/w/led.tmp", "/w/ledger"}, ""}), 1),
            1U);
  EXPECT_EQ(hits(book, naming("rename", {{"/w/led.tmp", "/w/other"}, ""}), 1),
            0U);
}

TEST(RuleBook, DoubtsWhatItCannotRead) {
  CallRule wanted = rule({"openat"});
  wanted.path = "*/wanted";
  RuleBook book({wanted}, 1);
  const FileNames hidden{{}, "read its path: EPERM"};
  EXPECT_EQ(book.doubts(naming("openat", hidden)), std::vector<FaultId>{0});
  EXPECT_TRUE(book.doubts(naming("fsync", hidden)).empty());
  EXPECT_TRUE(book.doubts(call("openat", "/x/other")).empty());
  EXPECT_TRUE(
      book.doubts(naming("openat", {{"/x/wanted"}, "read its path"})).empty());
  // Who only asks afterwards knows as little.
  wanted.fault = kNoFault;
  wanted.action = CallAction::observe;
  RuleBook watching({wanted}, 1);
  EXPECT_EQ(watching.doubts(naming("openat", hidden)),
            std::vector<FaultId>{kNoFault});
  RuleBook any({rule({"openat"})}, 1);
  EXPECT_TRUE(any.doubts(naming("openat", hidden)).empty());
}

TEST(RuleBook, KeepsTriggersApart) {
  CallRule trigger = rule({"openat"});
  trigger.role = CallRole::begins;
  RuleBook book({trigger}, 1);
  EXPECT_EQ(book.look_up(call("openat"), Which::others).size(), 0U);
  EXPECT_EQ(book.look_up(call("openat"), Which::triggers).size(), 1U);
}

TEST(RuleBook, SelectsCallsThatAFunctionLedTo) {
  CallRule stored = rule({"fsync"});
  stored.origin.in = "store.*";
  stored.nth = Nth{2, 2, 1};
  RuleBook book({stored}, 1);
  EXPECT_EQ(hits(book, through("fsync", "log.Flush"), 5), 0U);
  EXPECT_EQ(hits(book, through("fsync", "store.Put"), 1), 0U);
  EXPECT_EQ(hits(book, through("fsync", "a.com/store.Put"), 1), 1U);
}

TEST(RuleBook, DoubtsACallWhoseStackIsUnknown) {
  CallRule stored = rule({"fsync"});
  stored.origin.in = "store.*";
  RuleBook book({stored}, 1);
  CallView half = through("fsync", "log.Flush", "C made the call");
  EXPECT_EQ(hits(book, half, 1), 0U);
  EXPECT_EQ(book.doubts(half), std::vector<FaultId>{0});
  EXPECT_TRUE(book.doubts(through("fsync", "log.Flush")).empty());
  EXPECT_TRUE(book.doubts(through("read", "log.Flush", "why")).empty());
}

CallView going(const std::string& name, const PeerNames& peers) {
  CallView view = call(name, "socket:[1]", FdKind::socket);
  view.peers = [peers]() -> const PeerNames& { return peers; };
  return view;
}

TEST(RuleBook, SelectsCallsByWhomTheyGoTo) {
  CallRule wanted = rule({"connect", "accept4"});
  wanted.peer = "127.0.0.2:*";
  RuleBook book({wanted}, 1);
  EXPECT_EQ(hits(book, going("connect", {{{"127.0.0.2:80"}}, ""}), 1), 1U);
  EXPECT_EQ(hits(book, going("connect", {{{"127.0.0.3:80"}}, ""}), 1), 0U);
  EXPECT_EQ(hits(book, going("accept4", {{{}}, ""}), 1), 0U);
  EXPECT_EQ(
      hits(book, going("accept4", {{{"127.0.0.2:1", "127.0.0.2:2"}}, ""}), 1),
      1U);
  wanted.peer = "[::1]:80";
  RuleBook six({wanted}, 1);
  EXPECT_EQ(hits(six, going("connect", {{{"[::1]:80"}}, ""}), 1), 1U);
  EXPECT_EQ(hits(six, going("connect", {{{":"}}, ""}), 1), 0U);
}

TEST(RuleBook, DoubtsACallWhosePeerIsNotKnown) {
  CallRule wanted = rule({"accept4"});
  wanted.peer = "127.0.0.2:*";
  RuleBook book({wanted}, 1);
  using Doubts = std::vector<FaultId>;
  CallView unread = going("accept4", {std::nullopt, "see who will connect"});
  EXPECT_EQ(hits(book, unread, 1), 0U);
  EXPECT_EQ(book.doubts(unread), Doubts{0});
  CallView mixed = going("accept4", {{{"127.0.0.2:1", "127.0.0.3:1"}}, ""});
  EXPECT_EQ(hits(book, mixed, 1), 0U);
  EXPECT_EQ(book.doubts(mixed), Doubts{0});
  EXPECT_TRUE(book.doubts(going("accept4", {{{"127.0.0.3:1"}}, ""})).empty());
  EXPECT_TRUE(book.doubts(going("read", {std::nullopt, "why"})).empty());
}

TEST(RuleBook, AsksNobodysStackForARuleThatDoesNot) {
  CallView view = call("fsync");
  view.stack = []() -> GoStackPtr { throw std::logic_error("asked"); };
  RuleBook book({rule({"fsync"})}, 1);
  EXPECT_EQ(hits(book, view, 1), 1U);
  EXPECT_TRUE(book.doubts(view).empty());
}

TEST(RuleBook, SelectsNoMoreForAFaultThatWasReleased) {
  CallRule waits = rule({"fsync"});
  waits.role = CallRole::ends;
  waits.active_from_start = false;
  RuleBook book({rule({"fsync"}), waits}, 1);
  EXPECT_EQ(hits(book, call("fsync"), 2), 2U);
  EXPECT_TRUE(book.look_up(call("fsync"), Which::triggers).empty());
  book.activate_trigger(0, false);
  EXPECT_TRUE(book.look_up(call("fsync"), Which::triggers).empty());
  book.activate_trigger(0, true);
  EXPECT_EQ(book.look_up(call("fsync"), Which::triggers).size(), 1U);
  book.select(0, false);
  EXPECT_EQ(hits(book, call("fsync"), 2), 0U);
}

// The next call may be here before anybody has counted.
TEST(RuleBook, EndsARuleWithTheLastEffectThatItMayHave) {
  CallRule few = rule({"fsync"});
  few.most = 2;
  RuleBook book({few}, 1);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(hits(book, call("fsync"), 1), 1U);
    book.note_effect(0);
  }
  EXPECT_EQ(hits(book, call("fsync"), 1), 0U);
}

}  // namespace
}  // namespace faultrig
