#include <cstdlib>

#include "bench/bench.h"

namespace faultrig::bench {

namespace {

constexpr int kRounds = 7;

struct Loop {
  const char* name;
  const char* program;
  const char* word;  // what the program is asked to do
  const char* call;  // the system call that this makes
};

constexpr Loop kLoops[] = {
    {"C getppid", "bench_loop", "getppid", "getppid"},
    {"C open+close", "bench_loop", "open", "openat"},
    {"Go getppid, 2 goroutines", "bench_goloop", "getppid", "getppid"},
    {"Go open+close, 2 goroutines", "bench_goloop", "open", "openat"}};

struct Mode {
  const char* name;
  std::string rest;                  // faults or expect; empty: strace
  std::vector<std::string> wrapper;  // for strace
  const char* aim;
  bool waits = true;  // each call waits for somebody: fewer of them will do
};

std::vector<Mode> modes_for(const std::string& call) {
  auto fault = [](const std::string& fields) {
    return "faults:\n  - syscall: {" + fields + "}\n";
  };
  std::string inject = "inject=" + call + ":error=EPERM";
  std::vector<Mode> modes{
      {"filter that does not name it",
       fault("call: sync, error: EIO, static: true"),
       {},
       "<= x1.1",
       false},
      {"static errno",
       fault("call: " + call + ", error: EPERM, static: true"),
       {},
       "",
       false},
      {"notified, not selected",
       fault("call: " + call + ", error: EPERM, nth: 100000000"),
       {},
       ""},
      {"notified, not selected by its stack",
       fault("call: " + call + ", error: EPERM, in: main.noSuch"),
       {},
       "<= x2 of that"},
      {"notified, runs", "expect:\n  - calls: {call: " + call + "}\n", {}, ""},
      {"notified, fails",
       fault("call: " + call + ", error: EPERM"),
       {},
       "<= 1/3 of"},
      {"strace inject",
       "",
       {"strace", "-f", "-o", "/dev/null", "-e", inject},
       "strace"},
      {"strace inject --seccomp-bpf",
       "",
       {"strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", inject},
       ""}};
  if (call == "openat") {
    modes.insert(modes.begin() + 6,
                 {"notified, fails by path",
                  fault("call: openat, error: EPERM, path: '/etc/host*'"),
                  {},
                  ""});
  }
  return modes;
}

double measure(Session& session, const Loop& loop, const Mode& mode,
               const std::string& count) {
  std::vector<std::string> argv = mode.wrapper;
  argv.insert(argv.end(), {beside_us(loop.program), loop.word, count});
  if (mode.rest.empty()) {
    return std::atof(spawn(argv, true).c_str());
  }
  Plan plan = plan_of("workload: {command: [" + argv[0] + ", " + loop.word +
                      ", '" + count + "']}\n" + mode.rest);
  return std::atof(run_once(session, plan).c_str());
}

}  // namespace

void calls() {
  Session session = open_session(true);
  for (const Loop& loop : kLoops) {
    for (const Mode& mode : modes_for(loop.call)) {
      if (mode.rest.empty() && !installed("strace")) {
        row(mode.name, "not installed", "");
        continue;
      }
      std::vector<double> ratios;
      for (int i = 0; i < kRounds; ++i) {
        double bare = std::atof(
            spawn({beside_us(loop.program), loop.word, "20000"}, true).c_str());
        double ours = measure(session, loop, mode, "4000");
        ratios.push_back(ours / bare);
      }
      row(std::string(loop.name) + ": " + mode.name, ratio_text(median(ratios)),
          mode.aim);
    }
  }
}

}  // namespace faultrig::bench
