// faultrig is told to end, starved, filled, closed, hidden from, stopped.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "bench/torture/trial.h"
#include "harness/base/fd.h"
#include "tests/source_dir.h"

namespace faultrig::torture {

namespace {

std::string deed(const std::string& words) {
  return "workload:\n  command: [" + program_beside("torture_deeds") + ", " +
         words + "]\n";
}

// Each of these has one right verdict.
struct Known {
  const char* name;
  const char* verdict;
  std::string yaml;
};

std::vector<Known> known_verdicts() {
  std::string waits = deed("waits") + "  deadline: 10s\ngolden: false\n";
  return {{"passes", "ok",
           waits + "faults: [{signal: {send: SIGUSR1}}]\nexpect:\n"
                   "  - command: {killed_by: SIGUSR1}\n"},
          {"fails", "FAIL",
           waits + "faults: [{signal: {send: SIGUSR1}}]\nexpect:\n"
                   "  - command: {exited: 0}\n"},
          {"leaves", "ok", deed("daemonize") + "expect:\n  - leftovers: 1\n"}};
}

class Ends {
 public:
  Ends() {
    for (const Known& known : known_verdicts()) {
      yard_.scenario(std::string("known/") + known.name, known.yaml);
    }
    waits_ = yard_.scenario("waits", deed("waits") +
                                         "  deadline: 20s\n"
                                         "expect:\n  - command: {exited: 0}\n");
    flood_ = yard_.scenario("flood/flood", deed("flood, '64'") +
                                               "expect:\n"
                                               "  - command: {exited: 3}\n");
    yard_.scenario("flood/before", known_verdicts()[0].yaml);
    yard_.scenario("flood/later", known_verdicts()[1].yaml);
  }

  void signals();
  void terminal();
  void outputs();
  void starved(bool brief);
  void capped(bool brief);
  void full_disk();
  void hidden();
  void stopped();
  void clocks();

 private:
  Start known(std::vector<std::string> wrapper = {}) {
    return {{"run", yard_.folder("known")}, std::move(wrapper)};
  }
  static std::vector<std::string> shell(const std::string& script) {
    return {"sh", "-c", script + "; exec \"$@\"", "sh"};
  }
  // Every verdict is the right one or none of pass and fail.
  static bool honest(const Outcome& outcome);
  bool clean() { return yard_.until_nobody(1) >= 0 && yard_.litter().empty(); }
  void await_workload(std::size_t processes) {
    while (yard_.alive().size() < processes) {
      usleep(5000);
    }
  }
  void tell(const std::string& what, const Outcome& outcome, bool good);

  Yard yard_;
  std::string waits_;
  std::string flood_;
};

bool Ends::honest(const Outcome& outcome) {
  if (outcome.hung) {
    return false;
  }
  for (const Known& known : known_verdicts()) {
    std::string verdict = outcome.verdict_of(known.name);
    if ((verdict == "ok" || verdict == "FAIL") && verdict != known.verdict) {
      return false;
    }
  }
  return true;
}

void Ends::tell(const std::string& what, const Outcome& outcome, bool good) {
  bool nothing_left = clean();
  row(what, outcome.text() + (nothing_left ? "" : "; something is left"),
      good && nothing_left);
  if (!good) {
    std::fprintf(stderr, "%s:\n%s\n", what.c_str(), outcome.said.c_str());
  }
}

// faultrig, worker, shim, workload.
constexpr std::size_t kWholeRun = 4;

void Ends::signals() {
  struct Case {
    const char* name;
    int signal;
    int times;
    const char* end;
  };
  for (const Case& one : {Case{"SIGTERM", SIGTERM, 1, "exited 143"},
                          Case{"SIGINT", SIGINT, 1, "exited 130"},
                          Case{"SIGHUP", SIGHUP, 1, "exited 129"},
                          Case{"a second Ctrl-C", SIGINT, 2, "exited 130"}}) {
    pid_t pid = yard_.start({{"run", waits_}, {}, -1, true});
    await_workload(kWholeRun);
    for (int i = 0; i < one.times; ++i) {
      kill(-pid, one.signal);
    }
    Outcome ended = yard_.end_of(pid, 10);
    tell(one.name, ended, ended.text() == one.end);
  }
}

void Ends::terminal() {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
    skipped("its terminal goes away", "a pseudo terminal");
    return;
  }
  std::string name = ptsname(master);  // NOLINT(concurrency-mt-unsafe)
  std::string script = "exec setsid -c sh -c 'exec \"$@\" 2>&1' sh \"$@\" <" +
                       name + " >" + name;
  pid_t pid = yard_.start({{"run", waits_}, {"sh", "-c", script, "sh"}});
  await_workload(kWholeRun);
  close(master);
  Outcome ended = yard_.end_of(pid, 10);
  tell("its terminal goes away", ended, ended.text() == "exited 129");
}

void Ends::outputs() {
  auto pipe = make_pipe(false);
  pipe->read.reset();
  Start start = known();
  start.out = pipe->write.get();
  Outcome closed = yard_.run(start);
  tell("its output is closed (SIGPIPE)", closed, closed.text() == "exited 1");
  auto full = open_file(AT_FDCWD, "/dev/full", O_WRONLY);
  Start one = {{"run", yard_.folder("known") + "/passes.yaml"}};
  one.out = full->get();
  Outcome filled = yard_.run(one);
  tell("its output is full (ENOSPC)", filled,
       filled.text() == "exited 3" &&
           filled.says("write to stdout: No space left"));
}

void Ends::starved(bool brief) {
  Outcome small =
      yard_.run({{"run", yard_.folder("flood")}, shell("ulimit -v 40000")});
  tell("its memory is capped (RLIMIT_AS), the workload floods", small,
       small.text() == "exited 1" && small.says("ran out of memory") &&
           small.verdict_of("before") == "ok" &&
           small.verdict_of("flood") == "ERROR" &&
           small.verdict_of("later") == "FAIL");
  struct Sweep {
    const char* what;
    const char* limit;
    const char* user;
    int from;
    int to;
    int step;
  };
  const char* nobody =
      "exec setpriv --reuid 64991 --regid 64991 --clear-groups \"$@\"";
  for (const Sweep& sweep :
       {Sweep{"its memory is capped, KiB", "ulimit -v", "", 2000, 20000, 500},
        Sweep{"its descriptors are exhausted", "ulimit -n", "", 3, 140, 1},
        Sweep{"fork fails (EAGAIN)", "ulimit -p", nobody, 1, 12, 1}}) {
    if (*sweep.user != '\0' && geteuid() != 0) {
      skipped(sweep.what, "root, to become another user");
      continue;
    }
    int tried = 0;
    int complete = 0;
    int dishonest = 0;
    int step = brief ? sweep.step * 9 : sweep.step;
    for (int limit = sweep.from; limit <= sweep.to; limit += step, ++tried) {
      std::vector<std::string> wrapper =
          shell(sweep.limit + (" " + std::to_string(limit)) + "; " +
                (*sweep.user != '\0' ? sweep.user : ":"));
      Start start = known(wrapper);
      if (*sweep.user != '\0') {
        // Where forks fail, the third one has nothing to leave.
        start.args = {"run", yard_.folder("known") + "/passes.yaml",
                      yard_.folder("known") + "/fails.yaml"};
      }
      Outcome outcome = yard_.run(start);
      complete += outcome.text() == "exited 1" ? 1 : 0;
      dishonest += honest(outcome) ? 0 : 1;
      if (!honest(outcome)) {
        std::fprintf(stderr, "%s %d: %s\n", sweep.limit, limit,
                     outcome.said.c_str());
      }
    }
    bool left = !clean();
    row(std::string(sweep.what) + ", " + std::to_string(sweep.from) + " to " +
            std::to_string(sweep.to) + ", " + std::to_string(tried) + " times",
        "all verdicts right " + std::to_string(complete) +
            ", some or all an error " +
            std::to_string(tried - complete - dishonest) +
            ", a false verdict or a hang " + std::to_string(dishonest) +
            (left ? "; something is left" : ""),
        dishonest == 0 && !left);
  }
}

// What a container does: a cap around all of it.
void Ends::capped(bool brief) {
  CgroupPlaces places = find_cgroup_places();
  std::string what = "a cgroup caps all of it";
  auto group = Cgroup::make(places, owner_name() + ".cap");
  if (places.memory.empty() || !group) {
    skipped(what, "a writable memory cgroup");
    return;
  }
  std::string join = "echo $$ >" + group->folders()[0] + "/cgroup.procs";
  int said = 0;
  int dishonest = 0;
  int tried = 0;
  for (int kib = 1024; kib <= 8192; kib += brief ? 2048 : 256, ++tried) {
    (void)group->lift_memory_limit();  // v1 raises in one order only
    (void)group->limit_memory(Bytes{static_cast<std::uint64_t>(kib) << 10},
                              Bytes{0}, false);
    Outcome outcome = yard_.run(known(shell(join)));
    dishonest += honest(outcome) ? 0 : 1;
    said += outcome.end.exited() ? 1 : 0;
  }
  row(what + " at 1 to 8 MiB, " + std::to_string(tried) + " times",
      "it said what came of it " + std::to_string(said) +
          ", the kernel killed it first " + std::to_string(tried - said) +
          ", a false verdict or a hang " + std::to_string(dishonest),
      dishonest == 0 && clean());
  std::string file = yard_.scenario(
      "hoard", std::string("workload:\n  go_test: {dir: ") + source_dir() +
                   "/go_fixtures, packages: ./hoard, run: ^TestHoard$, mode: "
                   "binary}\ngolden: false\nfaults:\n  - memory: {max: "
                   "900MiB}\nexpect:\n  - test: {killed_by: SIGKILL}\n");
  what = "a cgroup around it caps 200 MiB, the fault 900 MiB";
  if (places.memory_v2) {
    skipped(what, "cgroup v1; for v2 see `capped` in tests/guest/suite");
    return;
  }
  (void)group->lift_memory_limit();
  (void)group->limit_memory(Bytes{200U << 20}, Bytes{0}, false);
  Outcome outcome = yard_.run({{"run", file}, shell(join)}, 90);
  tell(what, outcome,
       outcome.verdict_of("hoard") == "ERROR" &&
           outcome.says("has a lower limit"));
}

void Ends::full_disk() {
  std::string place = yard_.folder("small");
  std::string what = "the disk for evidence is full (a tmpfs of 64 KiB)";
  if (system("unshare -m true 2>/dev/null") != 0) {
    skipped(what, "a mount namespace");
    return;
  }
  std::string mount = "mount -t tmpfs -o size=64k none " + place;
  std::vector<std::string> wrapper{"unshare", "-m"};
  for (const std::string& word : shell(mount)) {
    wrapper.push_back(word);
  }
  Outcome outcome = yard_.run({{"run", flood_, "--evidence", place}, wrapper});
  tell(what, outcome,
       outcome.text() == "exited 3" && outcome.says("evidence not kept") &&
           outcome.says("(the run itself: pass)") &&
           outcome.says("No space left on device"));
}

void Ends::hidden() {
  std::string nobody =
      "exec setpriv --reuid 64992 --regid 64992 --clear-groups \"$@\"";
  struct Case {
    const char* what;
    std::string script;
    const char* end;
  };
  if (geteuid() != 0) {
    skipped("/proc is hidden", "root, for a mount namespace");
    return;
  }
  for (const Case& one :
       {Case{"/proc hides other users (hidepid=2), ordinary user",
             "mount -t proc -o hidepid=2 none /proc && " + nobody, "exited 1"},
        Case{"there is no /proc", "mount -t tmpfs none /proc", "exited 3"}}) {
    std::vector<std::string> wrapper{"unshare", "-m"};
    for (const std::string& word : shell(one.script)) {
      wrapper.push_back(word);
    }
    Outcome outcome = yard_.run(known(wrapper));
    tell(one.what, outcome, honest(outcome) && outcome.text() == one.end);
  }
}

void Ends::stopped() {
  for (bool alone : {true, false}) {
    std::string file = yard_.scenario(
        "slow",
        "workload: {command: [sleep, '1'], deadline: 2s}\nexpect:\n"
        "  - command: {exited: 0}\n");
    pid_t pid = yard_.start({{"run", file}, {}, -1, true});
    await_workload(kWholeRun);
    kill(alone ? pid : -pid, SIGSTOP);
    sleep(3);
    kill(alone ? pid : -pid, SIGCONT);
    Outcome outcome = yard_.end_of(pid, 10);
    bool good = alone ? outcome.verdict_of("slow") == "ok"
                      : outcome.verdict_of("slow") == "ERROR" &&
                            outcome.says("faultrig itself stood still");
    tell(alone ? "stopped for 3 s, the process that was started"
               : "stopped for 3 s, all of it (Ctrl-Z), past a deadline",
         outcome, good);
  }
}

void Ends::clocks() {
  std::string what = "another one beside it lives in another time namespace";
  if (system("unshare -T --monotonic 100000 true 2>/dev/null") != 0) {
    skipped(what, "time namespaces");
  } else {
    std::string file = yard_.scenario(
        "beside", deed("waits") +
                      "  deadline: 20s\nfaults:\n  - signal: {send: "
                      "SIGTERM, when: {after: 1s}}\ngolden: false\nexpect:\n"
                      "  - command: {killed_by: SIGTERM}\n");
    pid_t pid = yard_.start({{"run", file}});
    await_workload(kWholeRun);
    Outcome there = yard_.run(known(
        {"unshare", "-T", "--monotonic", "100000", "--boottime", "100000"}));
    Outcome here = yard_.end_of(pid, 20);
    tell(what, here,
         here.verdict_of("beside") == "ok" && there.text() == "exited 1" &&
             honest(there));
  }
}

}  // namespace

void ends(bool brief) {
  Ends ends;
  ends.signals();
  ends.terminal();
  ends.outputs();
  ends.starved(brief);
  ends.capped(brief);
  ends.full_disk();
  ends.hidden();
  ends.stopped();
  ends.clocks();
}

}  // namespace faultrig::torture
