#include "bench/bench.h"

namespace faultrig::bench {

namespace {

constexpr int kPairs = 300;

struct Peer {
  const char* name;
  std::vector<std::string> argv;
  std::string aim;
};

void run_peers(const std::vector<std::string>& floor) {
  std::string nop = floor[0];
  std::vector<Peer> peers{
      {"cgexec into the root group", {"cgexec", "-g", "memory:/", nop}, ""},
      {"bwrap --dev-bind / /", {"bwrap", "--dev-bind", "/", "/", nop}, ""},
      {"strace -f -e inject of a call it never makes",
       {"strace", "-f", "-e", "inject=fsync:error=EIO", nop},
       ""}};
  for (const Peer& peer : peers) {
    if (!installed(peer.argv[0])) {
      row(peer.name, "not installed", "");
      continue;
    }
    std::vector<double> ratios;
    for (int i = 0; i < 60; ++i) {
      double base = time_of([&] { spawn(floor, false); });
      ratios.push_back(time_of([&] { spawn(peer.argv, false); }) / base);
    }
    row(peer.name, ratio_text(median(ratios)), "");
  }
}

}  // namespace

// A static program that does nothing; limits, groups, a filter with a listener,
// evidence.
void launch() {
  std::vector<std::string> floor{beside_us("bench_nop")};
  std::string workload = "workload: {command: [" + floor[0] + "]}\n";
  Plan bare = plan_of(workload + "expect:\n  - command: {exited: 0}\n");
  Plan full = plan_of(workload +
                      "faults:\n  - memory: {max: 64MiB}\n"
                      "  - syscall: {call: fsync, error: EIO}\n");
  struct Mode {
    const char* name;
    bool pooled;
    const Plan& plan;
    const char* aim;
  };
  for (const Mode& mode :
       {Mode{"one run, pooled groups, over vfork+exec+wait", true, bare,
             "<= x1.25"},
        Mode{"one run, fresh groups", false, bare, "<= x2.00"},
        Mode{"one run, fresh groups, memory limit, filter", false, full,
             "<= x2.00"}}) {
    Session session = open_session(mode.pooled);
    std::vector<double> ratios;
    for (int i = 0; i < kPairs; ++i) {
      double base = time_of([&] { spawn(floor, false); });
      double ours = time_of([&] { run_once(session, mode.plan); });
      ratios.push_back(ours / base);
    }
    row(mode.name, ratio_text(median(ratios)), mode.aim);
  }
  run_peers(floor);
}

}  // namespace faultrig::bench
