#include "harness/plan/possible.h"

#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"

namespace faultrig {
namespace {

// `line:column what`, one a line.
std::string troubles_of(const std::string& rest) {
  ReadScenario read = read_scenario("workload: {command: [serve]}\n" + rest,
                                    {"x", "/x.yaml", false}, full_language());
  if (!read.scenario) {
    return read.complaints.front().what;
  }
  std::string out;
  for (const PlanTrouble& trouble : impossible_in(*read.scenario)) {
    out += std::to_string(trouble.place.line) + ":" +
           std::to_string(trouble.place.column) + " " + trouble.what + "\n";
  }
  return out;
}

std::string fault(const std::string& syscall) {
  return troubles_of("faults:\n- syscall: {" + syscall + "}\n");
}

std::string expected(const std::string& clause) {
  return troubles_of(
      "faults:\n- syscall: {call: fsync, error: EIO, nth: 2..3}\n"
      "expect:\n- " +
      clause + "\n");
}

TEST(Possible, NoCallWorksOnADescriptorThatItHasNot) {
  EXPECT_EQ(fault("call: openat, error: EIO, fd: file"),
            "3:43 openat works on no descriptor: with fd it is never "
            "selected\n");
  EXPECT_EQ(fault("call: [openat, mkdir], error: EIO, fd: pipe"),
            "3:52 none of these calls works on a descriptor: with fd it is "
            "never selected\n");
  EXPECT_EQ(fault("call: [openat, read], error: EIO, fd: file"), "");
  EXPECT_EQ(troubles_of("faults:\n- signal: {send: SIGTERM, when: {call: "
                        "openat, fd: socket}}\n"),
            "3:52 openat works on no descriptor: with fd it is never "
            "selected\n");
}

TEST(Possible, NoCallHasAPeerThatHasNoOtherSide) {
  EXPECT_EQ(fault("call: bind, error: EIO, peer: '*:80'"),
            "3:43 bind has no peer: with peer it is never selected\n");
  EXPECT_EQ(fault("call: [openat, mkdir], error: EIO, peer: '*:80'"),
            "3:54 none of these calls has a peer: with peer it is never "
            "selected\n");
  EXPECT_EQ(fault("call: [bind, write], error: EIO, peer: '*:80'"), "");
  EXPECT_EQ(expected("calls: {call: connect, peer: '/run/a.sock'}"), "");
}

TEST(Possible, NoAddressOfASocketIsComparedWithPath) {
  const std::string told =
      " an address of a socket is not compared with path: ask peer, which bind "
      "has not, fd: socket, or path: 'socket:*'\n";
  EXPECT_EQ(fault("call: bind, error: EIO, path: '*/sock'"), "3:43" + told);
  EXPECT_EQ(expected("calls: {call: [connect, sendto], path: '*/sock'}"),
            "5:42" + told);
  EXPECT_EQ(fault("call: sendto, error: EIO, path: 'socket:*'"), "");
  EXPECT_EQ(fault("call: [write, sendto], error: EIO, path: '/a'"), "");
}

TEST(Possible, NoTestRunsWithSomeFlags) {
  auto of = [](const std::string& more) {
    ReadScenario read = read_scenario("workload: {go_test: {dir: ., " + more +
                                          "}}\nexpect: [{go: {exited: 0}}]\n",
                                      {"x", "/x.yaml", false}, full_language());
    if (!read.scenario) {
      return read.complaints.front().what;
    }
    auto troubles = impossible_in(*read.scenario);
    return troubles.empty() ? std::string() : troubles.front().what;
  };
  EXPECT_EQ(of("flags: [-list=.]"), "with the flag -list=. no test runs");
  EXPECT_EQ(of("flags: [-c]"), "with the flag -c no test runs");
  EXPECT_EQ(of("flags: [-short]"), "");
  EXPECT_EQ(of("args: [-test.list=.]"),
            "with the flag -test.list=. no test runs");
  EXPECT_EQ(of("args: [-list]"), "") << "may be the program's own";
  for (const char* flags :
       {"-list=.", "-short --list=A", "'-list=A b'", "-c"}) {
    std::string env = "}, env: {GOFLAGS: \"" + std::string(flags) + "\"";
    EXPECT_NE(of("run: A" + env).find("in GOFLAGS no test runs"),
              std::string::npos)
        << flags;
  }
  EXPECT_EQ(of("run: A}, env: {GOFLAGS: -short"), "");
  EXPECT_EQ(of("mode: binary, packages: [./a, ./b]"),
            "mode: binary runs one package, not 2");
}

TEST(Possible, NoCallHasAPathThatItHasNot) {
  EXPECT_EQ(fault("call: getpid, error: EIO, path: /a"),
            "3:45 getpid has no path: with path it is never selected\n");
  EXPECT_EQ(fault("call: openat, error: EIO, path: a.txt"),
            "3:45 paths are compared whole: begin with / or */\n");
  EXPECT_EQ(fault("call: openat, error: EIO, path: '*/a.txt'"), "");
  EXPECT_EQ(fault("call: write, error: EIO, path: 'socket:*'"), "");
  EXPECT_EQ(expected("calls: {call: getpid, path: /a}"),
            "5:31 getpid has no path: with path it is never selected\n");
}

TEST(Possible, OnlySomeCallsCanBeMadeShort) {
  EXPECT_EQ(fault("call: writev, short: 1"),
            "3:34 only read, write, pread64, pwrite64, recvfrom and sendto can "
            "be made short\n");
  EXPECT_EQ(fault("call: [write, writev], short: 1"),
            "3:43 only read, write, pread64, pwrite64, recvfrom and sendto can "
            "be made short, not writev\n");
  EXPECT_EQ(fault("call: [write, read], short: 1"), "");
  EXPECT_EQ(fault("call: ['%desc'], short: 1"), "");
  EXPECT_EQ(fault("call: write, short: 2MiB"),
            "3:33 short is above 1MiB: that is never done\n");
}

TEST(Possible, NothingComesOfNothing) {
  EXPECT_EQ(fault("call: write, delay: 0s"),
            "3:33 a delay of nothing has no effect\n");
  EXPECT_EQ(fault("call: write, error: EIO, chance: 0%"),
            "3:46 a chance of 0% never comes\n");
}

TEST(Possible, AnExitCodeHasEightBits) {
  EXPECT_EQ(expected("command: {exited: 300}"),
            "5:21 exited can be at most 255, not 300\n");
  EXPECT_EQ(expected("command: {shell: {at_least: 256}}"),
            "5:20 shell can be at most 255, not 256\n");
  EXPECT_EQ(expected("command: {exited: {not: 255}}"), "");
}

TEST(Possible, SomeSignalsKillNobody) {
  EXPECT_EQ(expected("command: {killed_by: SIGCHLD}"),
            "5:24 SIGCHLD never ends a process\n");
  EXPECT_EQ(expected("command: {killed_by: SIGSTOP}"),
            "5:24 SIGSTOP never ends a process\n");
  EXPECT_EQ(expected("command: {killed_by: SIGUSR1}"), "");
}

TEST(Possible, AnErrorNeedsAFaultThatMakesIt) {
  EXPECT_EQ(expected("calls: {call: fsync, error: ENOSPC}"),
            "5:31 no fault makes fsync fail with ENOSPC\n");
  EXPECT_EQ(expected("calls: {call: write, error: EIO, count: none}"),
            "5:31 no fault makes write fail with EIO\n");
  EXPECT_EQ(expected("calls: {error: EIO}"), "");
  EXPECT_EQ(expected("calls: {sequence: [{call: write, error: EIO}]}"),
            "5:21 no fault makes write fail with EIO\n");
}

TEST(Possible, AnEmptyTextIsEverywhere) {
  EXPECT_EQ(expected("output: {contains: ''}"),
            "5:22 contains is empty: that asks nothing\n");
  EXPECT_EQ(expected("output: {lacks: ''}"),
            "5:19 lacks is empty: that asks nothing\n");
  EXPECT_EQ(expected("output: {matches: ''}"),
            "5:21 matches is empty: that asks nothing\n");
  EXPECT_EQ(expected("panic: {in: ''}"),
            "5:15 in is empty: that asks nothing\n");
}

TEST(Possible, AtLeastNothingHoldsWhateverHappens) {
  for (const char* clause :
       {"leftovers: {at_least: 0}", "calls: {count: {at_least: 0}}",
        "took_effect: {fault: syscall, times: {at_least: 0}}",
        "oom: {at_least: 0}", "oom: {kills: {at_least: 0}}"}) {
    EXPECT_NE(expected(clause).find("at least 0 holds whatever happens"),
              std::string::npos)
        << clause << expected(clause);
  }
}

TEST(Possible, AFaultTakesEffectNoOftenerThanItCan) {
  EXPECT_EQ(expected("took_effect: {fault: syscall, times: 3}"),
            "5:40 'syscall' takes effect at most 2 times\n");
  EXPECT_EQ(expected("took_effect: {fault: syscall, times: {at_least: 3}}"),
            "5:40 'syscall' takes effect at most 2 times\n");
  EXPECT_EQ(expected("took_effect: {fault: syscall, times: 2}"), "");
  EXPECT_EQ(troubles_of("faults:\n- signal: {send: SIGTERM}\nexpect:\n"
                        "- took_effect: {fault: signal, times: 2}\n"),
            "5:39 'signal' takes effect at most 1 time\n");
}

TEST(Possible, OnlyACapKillsForWantOfMemory) {
  EXPECT_EQ(expected("oom: {kills: 1}"),
            "5:3 no fault caps memory: nothing is OOM-killed\n");
  EXPECT_EQ(expected("oom: {kills: 0}"), "");
  EXPECT_EQ(troubles_of("faults:\n- memory: {max: 64MiB}\n"
                        "expect:\n- oom: {at_least: 1}\n"),
            "");
}

TEST(Possible, ARangeHasSomethingInIt) {
  EXPECT_EQ(expected("goroutines: {at_least: 3, at_most: 2}"),
            "5:38 at_most is below at_least\n");
  EXPECT_EQ(expected("goroutines: {at_most: -1}"), "5:25 at_most is below 0\n");
}

}  // namespace
}  // namespace faultrig
