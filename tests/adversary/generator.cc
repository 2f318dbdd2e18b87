// Scenes at random. What faults and expectations name is drawn from what the
// workload does, and numbers from near what it counts to: so verdicts of both
// kinds come, and depend on each call.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "tests/adversary/questions.h"
#include "tests/adversary/scene.h"
#include "tests/adversary/work.h"
#include "tests/adversary/world.h"

namespace faultrig::adversary {

namespace {

class Author {
 public:
  explicit Author(std::uint64_t seed) : dice_(seed), work_(dice_) {
    scene_.seed = seed;
  }

  Scene write() {
    scene_.golden = dice_.percent(35);
    work_.grow(dice_.between(1, 8));
    if (dice_.percent(12)) {
      work_.in_child();
    }
    if (dice_.percent(6)) {
      work_.become();
      work_.grow(dice_.between(0, 3));
    }
    add_faults();
    for (Fault& fault : scene_.faults) {
      fault.optional = dice_.percent(8);
    }
    if (dice_.percent(2)) {
      work_.acts.emplace_back("leave");
      left_ = 1;
    }
    add_end();
    scene_.acts = work_.acts;
    Questions questions(dice_, work_, scene_, {code_, left_});
    for (long i = dice_.of<long>({1, 1, 1, 1, 2, 2, 3}); i > 0; --i) {
      scene_.expect.push_back(questions.next());
    }
    return scene_;
  }

 private:
  void add_faults() {
    long turn = dice_.below(1000);
    if (turn < 100) {
      add_limit();
    } else if (turn < 160) {
      add_signal();
    } else if (turn < 200) {
      add_static();
    } else if (turn < 201 && dice_.percent(25)) {
      add_crowd();
    } else {
      long faults = dice_.of<long>({1, 1, 1, 2, 2, 3});
      for (long i = 0; i < faults; ++i) {
        scene_.faults.push_back(call_fault());
      }
    }
  }

  const Planned& some_call() { return dice_.of(work_.planned); }

  // Most choose something that comes, and some the same as the fault before.
  Choice choice(bool may_select) {
    bool again = !scene_.faults.empty() && dice_.percent(40);
    const Choice* before = again ? &scene_.faults.back().choice : nullptr;
    Choice out;
    const Planned& one = some_call();
    if (before != nullptr && !before->calls.empty()) {
      out.calls = before->calls;
    } else if (dice_.percent(6)) {
      out.calls = {dice_.of<std::string>(
          {"%file", "%file", "%network", "%desc", "%desc"})};
    } else {
      out.calls = {one.call};
      const Planned& other = some_call();
      if (dice_.percent(20) && other.call != one.call) {
        out.calls.push_back(other.call);
      }
    }
    bool same = out.calls.front() == one.call;
    if (may_select && dice_.percent(2)) {
      out.path = "/*";
    } else if (may_select && same && dice_.percent(35) && !one.paths.empty()) {
      out.path = glob_of(dice_.of(one.paths));
    } else if (may_select && same && !one.kind.empty() &&
               (one.kind == "stdio" || dice_.percent(20))) {
      out.fd = one.kind == "other" ? "" : one.kind;
    } else if (may_select && dice_.percent(2)) {
      out.fd = dice_.of<std::string>({"file", "socket", "pipe", "stdio"});
    }
    return out;
  }

  Nth nth() {
    Nth out;
    out.first = dice_.of<long>({1, 1, 1, 2, 2, 3});
    long turn = dice_.below(4);
    out.last = turn == 0   ? std::optional<long>()
               : turn == 1 ? out.first + dice_.between(1, 3)
                           : out.first;
    if (turn == 0 || turn == 1) {
      out.step = dice_.of<long>({1, 1, 2});
    }
    return out;
  }

  // No two faults of a scene give the same: so a result names its fault.
  Fault call_fault() {
    static const std::vector<long> kErrors = {
        EIO, ENOSPC, EDQUOT, EROFS, ENOMEM, ETIMEDOUT, ENFILE, ESTALE};
    Fault fault;
    fault.choice = choice(true);
    if (dice_.percent(45)) {
      fault.nth = nth();
    } else if (dice_.percent(5)) {
      fault.chance = 50;
    }
    auto index = static_cast<long>(scene_.faults.size());
    long turn = dice_.below(100);
    if (turn < 55) {
      fault.value =
          kErrors[static_cast<std::size_t>((dice_.below(2) + index * 2) % 8)];
    } else if (turn < 68) {
      fault.doing = Doing::delay;
      fault.value = dice_.between(10, 25);
    } else if (turn < 78) {
      fault.doing = Doing::returns;
      fault.value = 7000 + index;
    } else if (turn < 88) {
      make_short(fault);
    } else if (is_begun_anew(fault.choice)) {
      fault.doing = Doing::delay;
      fault.value = 10;
    } else {
      fault.doing = Doing::signal;
      signal_of(fault, index);
    }
    name(fault);
    if (dice_.percent(12)) {
      fault.when = call_trigger();
    }
    return fault;
  }

  // A call that a signal interrupts, and the kernel then begins anew, enters
  // twice, and with a signal at each entry for ever (docs).
  static bool is_begun_anew(const Choice& choice) {
    auto in = [](const std::string& word) {
      std::vector<std::string> calls = calls_named(word);
      return std::any_of(calls.begin(), calls.end(), takes_two_descriptors);
    };
    return std::any_of(choice.calls.begin(), choice.calls.end(), in);
  }

  void make_short(Fault& fault) {
    fault.doing = Doing::shortened;
    fault.value = dice_.between(7, 60);
    std::vector<Planned> fitting;
    for (const Planned& one : work_.planned) {
      if (may_be_short(one.call) && one.kind != "stdio") {
        fitting.push_back(one);
      }
    }
    if (fitting.empty() && dice_.percent(90)) {
      fault.doing = Doing::error;
      fault.value = EUCLEAN;
    } else if (!fitting.empty()) {
      const Planned& one = dice_.of(fitting);
      fault.choice = {};
      fault.choice.calls = {one.call};
      if (!one.paths.empty() && dice_.percent(40)) {
        fault.choice.path = glob_of(one.paths.front());
      }
    }
  }

  void signal_of(Fault& fault, long index) {
    static const std::vector<long> kSignals = {SIGUSR1, SIGUSR2, SIGURG,
                                               SIGTERM, SIGKILL, SIGWINCH};
    fault.value =
        kSignals[static_cast<std::size_t>((dice_.below(2) + index * 2) % 6)];
    bool trap = fault.value == SIGUSR1 || fault.value == SIGUSR2 ||
                (fault.value == SIGTERM && dice_.percent(50));
    if (trap) {
      work_.acts.insert(work_.acts.begin(),
                        "catch," + std::to_string(fault.value));
    }
  }

  void name(Fault& fault) {
    if (dice_.percent(40)) {
      fault.name = "f" + std::to_string(scene_.faults.size());
    }
  }

  Trigger call_trigger() {
    Trigger trigger;
    bool serves =
        std::any_of(work_.planned.begin(), work_.planned.end(),
                    [](const Planned& one) { return one.call == "listen"; });
    if (serves && dice_.percent(50)) {
      trigger.kind = Trigger::Kind::listening;
      bool which = !work_.ports.empty() && dice_.percent(70);
      trigger.port = which ? dice_.between(7101, 7102) : 0;
      return trigger;
    }
    trigger.kind = Trigger::Kind::call;
    trigger.choice = choice(true);
    if (dice_.percent(50)) {
      trigger.nth = Nth{dice_.between(1, 2), std::nullopt, 1};
      trigger.nth->last = trigger.nth->first;
    }
    return trigger;
  }

  void add_limit() {
    Fault fault;
    fault.injector = "fds";
    fault.max = dice_.between(5, 12);
    if (dice_.percent(30)) {
      fault.max = dice_.between(0, 2);
      fault.when = call_trigger();
    }
    scene_.faults.push_back(fault);
    long more = dice_.between(0, 9);
    if (more > 0) {
      work_.add(std::to_string(more) + "*openat,14,-,@a,r",
                {"openat", {"a"}, "", more});
    }
    work_.acts.push_back(dice_.of<std::string>(
        {"pipe2,14", "socketpair,14", "socket,14,99", "socket,14,1",
         "openat,14,-,@nothing,r", "openat,14,-,@a,r", "dup,14,0", "dup,14,=99",
         "eventfd2,14", "dup,14,=1", "dup2,14,0,=4", "dup3,14,0,=30",
         "fcntl,14,0", "fcntl,14,0"}));
    if (dice_.percent(30)) {
      scene_.faults.push_back(call_fault());
    }
    if (scene_.faults.size() > 1 && dice_.percent(40)) {
      std::swap(scene_.faults.front(), scene_.faults.back());
    }
  }

  void add_signal() {
    Fault fault;
    fault.injector = "signal";
    long index = dice_.below(3);
    signal_of(fault, index);
    std::string number = std::to_string(fault.value);
    bool trapped = !work_.acts.empty() && work_.acts[0] == "catch," + number;
    long turn = dice_.below(100);
    if (turn < 70) {
      fault.when = call_trigger();
    } else if (turn < 76) {
      fault.when.kind = Trigger::Kind::start;
    } else {
      scene_.golden = false;
      bool spoken = turn < 90;
      fault.when.kind = spoken ? Trigger::Kind::output : Trigger::Kind::after;
      fault.when.milliseconds = dice_.between(5, 20);
      fault.when.text = "ready";
      work_.say("say", "ready");
      work_.acts.push_back(trapped ? "await," + number : "nap,300");
    }
    if (fault.when.kind == Trigger::Kind::call && dice_.percent(20)) {
      fault.times = dice_.between(2, 3);
    }
    name(fault);
    scene_.faults.push_back(fault);
  }

  void add_static() {
    Fault fault;
    fault.choice.calls = {some_call().call};
    fault.value = EIO;
    fault.in_kernel = true;
    scene_.golden = dice_.percent(85);
    scene_.faults.push_back(fault);
  }

  // More calls than are told one by one.
  void add_crowd() {
    Fault fault;
    fault.choice.calls = {"fsync"};
    fault.value = EIO;
    scene_.golden = false;
    scene_.faults.push_back(fault);
    work_.acts.insert(work_.acts.begin(), "100200*access,@a");
    work_.acts.emplace_back("open,14,@x,c");
    work_.acts.emplace_back("fsync,14");
    Expectation expected;
    expected.kind = Expectation::Kind::calls;
    expected.pattern.choice.calls = {"access"};
    expected.number = Number{Number::Op::at_least, 5};
    scene_.expect.push_back(expected);
  }

  void add_end() {
    if (dice_.percent(25)) {
      code_ = dice_.below(3);
      work_.acts.push_back("exit," + std::to_string(code_));
    } else if (dice_.percent(scene_.golden ? 60 : 25)) {
      code_ = 0;
      work_.acts.emplace_back("forgive");
    } else if (dice_.percent(1)) {
      work_.acts.emplace_back("raise,9");
    }
  }

  Dice dice_;
  Work work_;
  Scene scene_;
  long code_ = 1;
  long left_ = 0;
};

}  // namespace

Scene scene_of(std::uint64_t seed) { return Author(seed).write(); }

}  // namespace faultrig::adversary
