// What `calls` and `took_effect` count: what happened.
#include <cerrno>

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

Params named(const char* call) {
  return params("call", std::vector<std::string>{call});
}

Params times(NumberTest count) { return params("count", count); }

Observation on(const char* call, const char* fd, int fault = kNoFault) {
  Observation seen;
  seen.source = Source::seccomp;
  seen.fact = Fact::call_intercepted;
  seen.call = call;
  seen.fd = fd;
  seen.fault = fault;
  return seen;
}

Observation untold(const char* call, const char* path, std::int64_t number,
                   std::string_view action = "") {
  Observation sum = on(call, "");
  sum.fact = Fact::calls_untold;
  sum.path = path;
  sum.number = number;
  sum.action = action;
  return sum;
}

Verdict asked(const Params& question, const TraceBuilder& trace) {
  return ask("calls", question, trace).verdict;
}

TEST(Calls, AreCountedOnTheDescriptorsThatAreAskedAfter) {
  TraceBuilder trace;
  trace.add(on("write", "file")).add(on("write", "stdio"));
  trace.add(on("write", "stdio")).add(on("write", "socket"));
  Params write = named("write");
  auto kind = [](const char* name) { return params("fd", text(name)); };
  EXPECT_EQ(asked(write + kind("stdio") + times(equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(write + kind("file") + times(equal(1)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(write + kind("pipe") + times(equal(0)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(write + times(equal(2)), trace), Verdict::pass);
}

TEST(Calls, AreCountedByWhomTheyGoTo) {
  TraceBuilder trace;
  Observation first = on("connect", "socket");
  first.peers = {{"127.0.0.2:80"}};
  Observation second = on("connect", "socket");
  second.peers = {{"127.0.0.3:80"}};
  Observation nobody = on("connect", "socket");
  nobody.peers.emplace();
  trace.add(first).add(first).add(second).add(nobody);
  Params connect = named("connect");
  auto peer = [](const char* glob) { return params("peer", text(glob)); };
  EXPECT_EQ(asked(connect + peer("127.0.0.2:*") + times(equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(connect + peer("*:80") + times(equal(3)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(connect + peer("127.0.0.4:*") + times(equal(0)), trace),
            Verdict::pass);
}

// Of a faultrig that did not look, and of accept(2) where several wait.
TEST(Calls, WhosePeerIsNotKnownAreNotCountedWithoutAWord) {
  Observation unseen = on("accept4", "socket");
  Observation mixed = on("accept4", "socket");
  mixed.peers = {{"127.0.0.2:1", "127.0.0.3:1"}};
  for (const Observation& one : {unseen, mixed}) {
    TraceBuilder trace;
    trace.add(one);
    Params accept = named("accept4") + params("peer", text("127.0.0.2:*"));
    EXPECT_EQ(asked(accept + times(equal(0)), trace), Verdict::inconclusive);
    EXPECT_EQ(asked(accept + times(equal(1)), trace), Verdict::inconclusive);
    EXPECT_EQ(asked(accept + times(equal(2)), trace), Verdict::fail);
  }
}

// `sh -c 'exec >>app.log; echo x'`.
TEST(Calls, OfAPathThatAShellPutOnStdoutAreNotLeftOutWithoutAWord) {
  TraceBuilder trace;
  Observation shells = on("write", "stdio");
  shells.path = "/w/app.log";
  Observation own = on("write", "file");
  own.path = "/w/app.log";
  trace.add(shells).add(own);
  Params write = named("write") + params("path", text("*/app.log"));
  auto kind = [](const char* name) { return params("fd", text(name)); };
  Finding finding = ask("calls", write + times(equal(1)), trace);
  EXPECT_EQ(finding.verdict, Verdict::inconclusive);
  EXPECT_NE(finding.because.find("which count with `fd: stdio`"),
            std::string::npos)
      << finding.because;
  EXPECT_EQ(asked(write + times(equal(2)), trace), Verdict::inconclusive);
  EXPECT_EQ(asked(write + times(equal(3)), trace), Verdict::fail);
  EXPECT_EQ(asked(write, trace), Verdict::pass);
  for (const char* fd : {"stdio", "file"}) {
    EXPECT_EQ(asked(write + kind(fd) + times(equal(1)), trace), Verdict::pass);
  }
  Params other = named("write") + params("path", text("*/other"));
  EXPECT_EQ(asked(other + times(equal(0)), trace), Verdict::pass);
}

// A dump is written, and exit_group(2) called, because we sent SIGQUIT.
TEST(Calls, ThatOurStopMayHaveBroughtAboutAreNotCountedForSure) {
  TraceBuilder trace;
  trace.add(on("write", "file")).add(Fact::deadline_passed, "", 1'000'000'000);
  trace.add(on("write", "file"));
  EXPECT_EQ(asked(named("write") + times(equal(1)), trace),
            Verdict::inconclusive);
  EXPECT_EQ(asked(named("write") + times(equal(2)), trace),
            Verdict::inconclusive);
  EXPECT_EQ(asked(named("write"), trace), Verdict::pass);
}

TEST(Calls, OnTwoDescriptorsAreCountedForEither) {
  TraceBuilder trace;
  trace.add(on("sendfile", "stdio,file")).add(on("sendfile", "stdio,stdio"));
  Params sendfile = named("sendfile");
  auto kind = [](const char* name) { return params("fd", text(name)); };
  EXPECT_EQ(asked(sendfile + kind("file") + times(equal(1)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(sendfile + kind("stdio") + times(equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(sendfile + kind("socket") + times(equal(0)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(sendfile + times(equal(1)), trace), Verdict::pass);
}

TEST(Calls, OnStdoutCountWhereAFaultActsOnThem) {
  TraceBuilder trace;
  trace.fault("syscall").add(on("write", "stdio", 0));
  trace.add(on("write", "stdio")).add(on("read", "stdio"));
  EXPECT_EQ(asked(named("write") + times(equal(2)), trace), Verdict::pass);
  EXPECT_EQ(asked(named("read") + times(equal(0)), trace), Verdict::pass);
}

TEST(Calls, ThatWereNotToldOneByOneAreCountedAllTheSame) {
  TraceBuilder trace;
  trace.call("openat", "/a").add(untold("openat", "/a", 40));
  trace.add(untold("openat", "/b", 7));
  Params path = params("path", text("/a"));
  EXPECT_EQ(asked(named("openat") + path + times(equal(41)), trace),
            Verdict::pass);
  EXPECT_EQ(asked(named("openat") + times(equal(48)), trace), Verdict::pass);
  EXPECT_EQ(asked(named("openat") + times(equal(1)), trace), Verdict::fail);
  EXPECT_EQ(asked(named("fsync") + times(equal(0)), trace), Verdict::pass);
}

TEST(Calls, OfLeftOutPathsLeaveOpenWhatDependsOnThem) {
  TraceBuilder trace;
  trace.call("openat", "/a").add(untold("openat", "", 40, kAnyPath));
  Params question = named("openat") + params("path", text("/a"));
  EXPECT_EQ(asked(question + times(equal(0)), trace), Verdict::fail);
  EXPECT_EQ(asked(question + times(at_least(1)), trace), Verdict::pass);
  EXPECT_EQ(asked(question + times(at_most(41)), trace), Verdict::pass);
  EXPECT_EQ(asked(question + times(equal(42)), trace), Verdict::fail);
  Finding open = ask("calls", question + times(equal(1)), trace);
  EXPECT_EQ(open.verdict, Verdict::inconclusive);
  EXPECT_NE(open.because.find("40 more calls may be such"), std::string::npos)
      << open.because;
}

TEST(Calls, AreThoseOfAnyNameOfTheirFilesAndOpenWhereNoneCouldBeRead) {
  TraceBuilder trace;
  Observation rename = on("rename", "");
  rename.path = "/a";
  rename.names = {"/b"};
  trace.add(rename);
  auto of = [](const char* path) { return params("path", text(path)); };
  EXPECT_EQ(asked(of("/b") + times(equal(1)), trace), Verdict::pass);
  EXPECT_EQ(asked(of("/c") + times(equal(0)), trace), Verdict::pass);
  Observation unread = on("openat", "");
  unread.unread = "EPERM";
  trace.add(unread);
  EXPECT_EQ(asked(of("/b") + times(equal(1)), trace), Verdict::inconclusive);
  EXPECT_EQ(asked(of("/b") + times(at_least(1)), trace), Verdict::pass);
}

TEST(Calls, OfASequenceThatWereNotToldLeaveItOpen) {
  TraceBuilder trace;
  trace.call("write").add(untold("fsync", "", 3));
  auto sequence = [](const char* second) {
    return params("sequence",
                  std::vector<CallPattern>{{{"write"}, std::nullopt, ""},
                                           {{second}, std::nullopt, ""}});
  };
  EXPECT_EQ(asked(sequence("fsync"), trace), Verdict::inconclusive);
  EXPECT_EQ(asked(sequence("close"), trace), Verdict::fail);
}

TEST(Calls, OfOldEvidenceAreOpenBeyondItsBound) {
  TraceBuilder trace;
  trace.call("openat").add(Fact::calls_untold, "", 9);
  EXPECT_EQ(asked(named("openat") + times(equal(1)), trace),
            Verdict::inconclusive);
  EXPECT_EQ(asked(named("openat") + times(at_least(1)), trace), Verdict::pass);
  EXPECT_EQ(asked(named("fsync") + times(equal(0)), trace),
            Verdict::inconclusive);
}

TEST(TookEffect, CountsEffectsThatWereNotToldOneByOne) {
  TraceBuilder trace;
  trace.fault("syscall").took_effect();
  Observation more;
  more.fact = Fact::effects_untold;
  more.fault = 0;
  more.number = 11;
  trace.add(more);
  Params question = params("fault", text("syscall"));
  auto verdict = [&](NumberTest wanted) {
    return ask("took_effect", question + params("times", wanted), trace)
        .verdict;
  };
  EXPECT_EQ(verdict(equal(12)), Verdict::pass);
  EXPECT_EQ(verdict(equal(1)), Verdict::fail);
  trace.add(untold("openat", "", 100));
  EXPECT_EQ(verdict(equal(12)), Verdict::pass);
}

Observation led_by(const char* function, const char* unknown = "") {
  Observation seen = on("fsync", "file");
  seen.stack = std::make_shared<const GoStack>(
      GoStack{{{function, "f.go", 1}}, unknown});
  return seen;
}

TEST(Calls, AreCountedByWhoLedToThem) {
  TraceBuilder trace;
  trace.add(led_by("a.com/store.Put")).add(led_by("a.com/log.Flush"));
  Params stored = named("fsync") + params("in", text("store.*"));
  EXPECT_EQ(asked(stored + times(equal(1)), trace), Verdict::pass);
  EXPECT_EQ(asked(stored + times(equal(2)), trace), Verdict::fail);
}

TEST(Calls, OfAnUnknownStackAreNeitherCountedNorLeftOut) {
  TraceBuilder trace;
  trace.add(led_by("a.com/log.Flush", "C made the call"));
  Params stored = named("fsync") + params("in", text("store.*"));
  EXPECT_EQ(asked(stored + times(equal(0)), trace), Verdict::inconclusive);
  EXPECT_EQ(asked(stored + times(equal(2)), trace), Verdict::fail);
}

// Evidence of a faultrig that did not look.
TEST(Calls, WithoutAStackAreNotTakenForThoseOfNobody) {
  TraceBuilder trace;
  trace.add(on("fsync", "file"));
  Params stored = named("fsync") + params("in", text("store.*"));
  EXPECT_EQ(asked(stored + times(equal(0)), trace), Verdict::inconclusive);
}

TEST(Calls, ComeInTheOrderOfTheirCallers) {
  TraceBuilder trace;
  trace.add(led_by("a.com/index.Save")).add(led_by("a.com/store.Put"));
  auto order = [](std::vector<std::string> functions) {
    std::vector<CallPattern> patterns;
    for (std::string& function : functions) {
      patterns.push_back(
          {.calls = {"fsync"}, .origin = {.in = std::move(function)}});
    }
    return params("sequence", patterns);
  };
  EXPECT_EQ(asked(order({"index.*", "store.*"}), trace), Verdict::pass);
  EXPECT_EQ(asked(order({"store.*", "index.*"}), trace), Verdict::fail);
}

}  // namespace
}  // namespace faultrig
