// faultrig is killed at random moments, as a whole and one process at a time.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/torture/trial.h"
#include "harness/base/fd.h"
#include "harness/base/folder_paths.h"
#include "harness/os/shim_processes.h"
#include "tests/source_dir.h"

namespace faultrig::torture {

namespace {

namespace fs = std::filesystem;

constexpr double kSoon = 1.0;
constexpr double kTooLong = 20;

// Something that connects, to itself, through a proxy that holds what it says;
// and a service with a network of its own, in which that stands.
void hangs_on_itself(Yard& yard) {
  const std::string perl =
      "[perl, -MIO::Socket::INET, -e, '$l = IO::Socket::INET->new(LocalAddr => "
      "q(127.0.0.1:18468), Listen => 9, ReuseAddr => 1); if (!fork) { $c = "
      "IO::Socket::INET->new(q(127.0.0.1:18468)); print $c 1; $c->flush; sleep "
      "30 } while ($a = $l->accept) { push @a, $a }']\n";
  const std::string rest =
      "  deadline: 20s\ngolden: false\nfaults:\n"
      "  - dependency: {to: '127.0.0.1:18468', does: hang}\nexpect:\n";
  yard.scenario("all/dependency", "workload:\n  command: " + perl + rest +
                                      "  - command: {exited: 99}\n");
  yard.scenario("all/dependency_own",
                "workload:\n  service:\n    network: own\n    command: " +
                    perl + "    ready: {listening: true}\n" + rest +
                    "  - service: {exited: 99}\n");
}

// Something that asks, over UDP and TCP, and gets no answer.
void asks_in_vain(Yard& yard) {
  yard.scenario("all/dns", R"(
workload:
  command:
    - perl
    - -MIO::Socket::INET
    - -e
    - |
      my $at = "127.0.0.1:18470";
      my $l = IO::Socket::INET->new(LocalAddr => $at, Listen => 9,
                                    ReuseAddr => 1);
      my $query = pack("n6", 7, 256, 1, 0, 0, 0) . "\1a\4test\0\0\1\0\1";
      my $framed = pack("n", length $query) . $query;
      for my $kind (["udp", $query], ["tcp", $framed]) {
        my $c = IO::Socket::INET->new(Proto => $kind->[0], PeerAddr => $at);
        print {$c} $kind->[1];
        $c->flush;
        push @all, $c;
      }
      fork;
      sleep 30;
  deadline: 20s
golden: false
faults:
  - dns: {server: '127.0.0.1:18470', answer: none}
expect:
  - command: {exited: 99}
)");
}

// Something that writes for as long as it lives, and something that is tried on
// many states, or images, of what is left.
void writes_for_ever(Yard& yard) {
  auto with = [](const std::string& fault) {
    return "  deadline: 20s\ngolden: false\nfaults:\n  - crash: " + fault +
           "\nexpect:\n  - command: {exited: 99}\n"
           "  - recover: {exited: 99}\n";
  };
  const std::string rest = with("{path: $TMPDIR}");
  const std::string image = with("{path: $TMPDIR, image: ext4}");
  const std::string writes =
      "workload:\n  command: [bash, -c, 'while echo a >> $TMPDIR/a; do ";
  yard.scenario("all/crash", writes + "mv $TMPDIR/a $TMPDIR/b; done']\n" +
                                 "  recover: ['true']\n" + rest);
  yard.scenario(
      "all/crash_image",
      writes + "sync $TMPDIR; echo b; done']\n  recover: ['true']\n" + image);
  yard.scenario("all/crash_image_recover",
                writes +
                    "sync $TMPDIR; echo b; ((++n < 20)) || exit 0; done']\n"
                    "  recover: [sleep, '0.01']\n" +
                    image);
  yard.scenario("all/crash_recover", writes +
                                         "((++n < 20)) || exit 0; done']\n"
                                         "  recover: [sleep, '0.01']\n" +
                                         rest);
}

// Something of every injector. Each waits, and each must fail: `ok` is false.
std::vector<std::string> catalogue(Yard& yard) {
  auto command = [&](const char* name, const char* faults) {
    yard.scenario(std::string("all/") + name,
                  std::string("workload:\n  command: [sh, -c, 'setsid sleep 30 "
                              "& sleep 30']\n  deadline: 20s\ngolden: false\n"
                              "faults:\n  - ") +
                      faults + "\nexpect:\n  - command: {exited: 99}\n");
  };
  command("signal", "signal: {send: SIGUSR1, when: {after: 50ms}}");
  command("memory", "memory: {max: 64MiB}");
  command("fds", "fds: {spare: 2, when: {after: 20ms}}");
  command("syscall", "syscall: {call: '%file', error: EIO, nth: 500+}");
  command("freeze", "freeze: {for: 10s, when: {after: 20ms}}");
  command("processes", "processes: {max: 3, when: {after: 20ms}}");
  command("cpu", "cpu: {max: 1%}");
  command("clock", "clock: {jump: 1h, when: {after: 20ms}}");
  command("port", "port: 18469");
  command("disk", "disk: {path: $TMPDIR, full: true, when: {after: 20ms}}");
  command("network", "network: {loss: 10%, when: {after: 20ms}}");
  command("no_network", "network: {none: true}");
  command("exec", "syscall: {call: execve, error: EIO, nth: 500+}");
  auto chain = [&](const char* name, const char* fault) {
    yard.scenario(std::string("all/") + name,
                  std::string("workload:\n  go_test: {dir: ") + source_dir() +
                      "/go_fixtures, packages: ./passes}\ngolden: false\n"
                      "faults:\n  - interpreter: {broken: " +
                      fault + "}\nexpect:\n  - go: {exited: 99}\n");
  };
  chain("interpreter", "swallows_status");
  chain("denied", "denied");
  hangs_on_itself(yard);
  asks_in_vain(yard);
  writes_for_ever(yard);
  std::string folder = yard.folder("all");
  Outcome read = yard.run({{"plan", folder}});
  if (read.text() != "exited 0") {
    row("what it is killed in cannot be read", read.said, false);
  }
  std::vector<std::string> all;
  auto files = paths_in(folder);
  for (const fs::path& file : files ? *files : std::vector<fs::path>()) {
    all.push_back(file.string());
  }
  return all;
}

// Deals so many of them at a time, in any order, each as often as the others.
class Deck {
 public:
  Deck(std::vector<std::string> all, std::mt19937& dice)
      : all_(std::move(all)), dice_(dice) {}

  // So many times deal all of them once.
  int rounds() const {
    return static_cast<int>((all_.size() + kAtOnce - 1) / kAtOnce);
  }

  std::vector<std::string> deal() {
    std::vector<std::string> out;
    while (out.size() < kAtOnce) {
      if (left_.empty()) {
        left_ = all_;
        std::shuffle(left_.begin(), left_.end(), dice_);
      }
      out.push_back(std::move(left_.back()));
      left_.pop_back();
    }
    return out;
  }

  static constexpr std::size_t kAtOnce = 3;

 private:
  std::vector<std::string> all_;
  std::vector<std::string> left_;
  std::mt19937& dice_;
};

struct Tally {
  int tries = 0;
  int late = 0;  // processes that were alive a second after
  int passes = 0;
  int hangs = 0;
  double longest = 0;  // of a workload, seconds
  double tidying = 0;  // of a shim that cleans up
  std::size_t litter = 0;
  long mounts = 0;
};

// A busy CI machine may take longer than the aim; it must not take for ever.
void tell(const std::string& what, const Tally& tally, bool brief) {
  char text[300];
  std::snprintf(text, sizeof text,
                "of its workloads alive after 1 s: %d, the last one for %.0f "
                "ms; shims cleaned up in %.0f ms at most; after the next "
                "start: cgroups and folders %zu, mounts %ld; passes %d, "
                "hangs %d",
                tally.late, tally.longest * 1000, tally.tidying * 1000,
                tally.litter, tally.mounts, tally.passes, tally.hangs);
  row(what + ", " + std::to_string(tally.tries) + " times", text,
      (brief || tally.late == 0) && tally.litter == 0 && tally.mounts == 0 &&
          tally.passes == 0 && tally.hangs == 0);
}

// What keeps a process: its state, and where in the kernel it is (proc(5)).
void tell_late(int pid) {
  std::string folder = "/proc/" + std::to_string(pid);
  auto stat = stat_of(pid);
  std::fprintf(stderr, "late: %d %s, state %c%s, in %s\n", pid,
               command_of(pid).c_str(), stat ? stat->state : '-',
               stat && stat->exiting ? ", exiting" : "",
               read_file(AT_FDCWD, folder + "/wchan").value_or("").c_str());
  std::fprintf(stderr, "%s",
               read_file(AT_FDCWD, folder + "/stack").value_or("").c_str());
}

void look_around(Yard& yard, Tally& tally) {
  double begin = now();
  int late = 0;
  for (auto alive = yard.alive(); !alive.empty(); alive = yard.alive()) {
    double took = now() - begin;
    int workload = 0;
    for (int pid : alive) {
      std::string command = command_of(pid);
      bool ours = command.empty() || command.starts_with(faultrig_program());
      workload += ours ? 0 : 1;
    }
    if (workload > 0) {
      tally.longest = std::max(tally.longest, took);
      if (took > kSoon && late == 0) {
        std::for_each(alive.begin(), alive.end(), tell_late);
      }
      late = took > kSoon ? workload : 0;
    }
    tally.tidying = std::max(tally.tidying, took);
    if (took > kTooLong) {
      ++tally.hangs;
      break;
    }
    usleep(2000);
  }
  tally.late += late;
}

// faultrig itself, one of its workers, or one of their shims.
int one_of_us(pid_t faultrig, std::mt19937& dice) {
  std::vector<int> ours{faultrig};
  for (int pid : descendants_of(faultrig)) {
    std::string command = command_of(pid);
    if (command.starts_with(faultrig_program())) {
      ours.push_back(pid);
    }
  }
  return ours[dice() % ours.size()];
}

// Each scenario waits, so only those that are begun at once are there when it
// is killed: as many as there are workers. `times` 0: each of them twice.
Tally kill_often(int times, bool whole) {
  Yard yard;
  Tally tally;
  std::string nothing = yard.scenario("nothing",
                                      "workload: {command: ['true']}\nexpect:\n"
                                      "  - command: {exited: 0}\n");
  std::size_t mounts = Yard::mounts();
  std::mt19937 dice(20260102);  // NOLINT: the same moments each time
  std::uniform_int_distribution<useconds_t> moment(0, 400'000);
  Deck deck(catalogue(yard), dice);
  times = times == 0 ? 2 * deck.rounds() : times;
  for (; tally.tries < times; ++tally.tries) {
    std::vector<std::string> args{"run", "-j", std::to_string(Deck::kAtOnce)};
    for (std::string& dealt : deck.deal()) {
      args.push_back(std::move(dealt));
    }
    pid_t pid = yard.start({std::move(args)});
    usleep(moment(dice));
    int victim = whole ? pid : one_of_us(pid, dice);
    kill(victim, SIGKILL);
    if (victim != pid) {
      usleep(20'000);
      kill(pid, SIGTERM);  // the rest of the catalogue would take its time
    }
    Outcome ended = yard.end_of(pid, 20);
    tally.hangs += ended.hung ? 1 : 0;
    tally.passes += ended.said.starts_with("ok ") ||
                    ended.said.find("\nok ") != std::string::npos;
    look_around(yard, tally);
  }
  yard.run({{"run", nothing}});
  tally.litter = yard.litter().size();
  tally.mounts = static_cast<long>(Yard::mounts() - mounts);
  return tally;
}

}  // namespace

void kills(bool brief) {
  tell("faultrig is killed at a random moment",
       kill_often(brief ? 0 : 500, true), brief);
  tell("one of its processes is", kill_often(brief ? 0 : 200, false), brief);
}

}  // namespace faultrig::torture
