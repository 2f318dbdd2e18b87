#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "harness/base/fd.h"

namespace faultrig::bench {

namespace {

constexpr int kPairs = 300;

struct Peer {
  const char* name;
  std::vector<std::string> argv;
  std::string aim;
};

// The least that a run can cost where the one who asks is not the one who
// starts: a process that, asked by a byte over a socket, starts the program,
// waits for it and answers by a byte.
class Starter {
 public:
  explicit Starter(const std::vector<std::string>& argv) {
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
      return;
    }
    Fd theirs(pair[1]);
    ours_ = Fd(pair[0]);
    pid_ = fork();
    if (pid_ == 0) {
      ours_.reset();
      char byte = 0;
      while (read(theirs.get(), &byte, 1) == 1) {
        spawn(argv, false);
        if (write(theirs.get(), &byte, 1) != 1) {
          break;
        }
      }
      _exit(0);
    }
  }
  Starter(const Starter&) = delete;
  Starter& operator=(const Starter&) = delete;
  ~Starter() {
    ours_.reset();
    if (pid_ > 0) {
      waitpid(pid_, nullptr, 0);
    }
  }

  // False when it does not answer.
  bool start() {
    char byte = 0;
    return write(ours_.get(), &byte, 1) == 1 &&
           read(ours_.get(), &byte, 1) == 1;
  }

 private:
  Fd ours_;
  int pid_ = -1;
};

void floor_of_asking(const std::vector<std::string>& floor) {
  Starter starter(floor);
  std::vector<double> ratios;
  for (int i = 0; i < kPairs; ++i) {
    double base = time_of([&] { spawn(floor, false); });
    bool good = true;
    double asked = time_of([&] { good = starter.start(); });
    if (!good) {
      row("the same, by another process that is asked", "no answer", "");
      return;
    }
    ratios.push_back(asked / base);
  }
  row("the same, by another process that is asked", ratio_text(median(ratios)),
      "");
}

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
  floor_of_asking(floor);
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
