// How a run ends. The first link's end is the end of the workload; what it left
// gets a moment to end by itself, is told as a leftover, and is killed. Only
// then is the output read to its end, because a survivor may hold the pipe.
#include "harness/run/run_ending.h"

#include <poll.h>

#include <csignal>
#include <utility>

#include "harness/os/shim_processes.h"
#include "harness/run/settle_time.h"

namespace faultrig {

namespace {

constexpr std::chrono::nanoseconds kAskAgain{5'000'000};
constexpr std::chrono::nanoseconds kNoTime{0};
// What even SIGKILL does not end in this time is given up.
constexpr std::chrono::milliseconds kDying{1000};
// How late the shim may tell of an end where a fork bomb has the processors.
constexpr std::chrono::milliseconds kNews{20000};

// How much of settle_time() is left, from now on, and when to look who is. Not
// after each call that they make: a look takes longer than that.
class Settling {
 public:
  explicit Settling(const RunLinks& links)
      : links_(links), before_(links.heard()) {}

  std::chrono::nanoseconds left() const {
    return begun_ + settle_time(links_.heard() - before_) - Loop::Clock::now();
  }
  // How long to wait for an event; `asks`: none tells that the last has ended.
  std::chrono::nanoseconds pause(bool asks) const {
    return asks || owes_look_ ? kAskAgain : left();
  }
  // Looks, unless it is too early for that: looks take a fifth of the time.
  void look(std::vector<int>& alive, const Survivors& survivors) {
    auto begun = Loop::Clock::now();
    owes_look_ = begun < next_ && left() > kNoTime;
    if (!owes_look_) {
      alive = survivors.pids();
      auto done = Loop::Clock::now();
      next_ = done + 4 * (done - begun);
    }
  }

 private:
  const RunLinks& links_;
  Loop::Clock::time_point begun_ = Loop::Clock::now();
  Loop::Clock::time_point next_ = begun_;
  bool owes_look_ = false;
  std::size_t before_;
};

}  // namespace

RunEnding::RunEnding(Tools tools, EndEvents events)
    : tools_(tools),
      events_(std::move(events)),
      survivors_(tools.session, tools.links, tools.needs, tools.door),
      go_(tools.session.go_leftovers(), tools.loop, tools.links, survivors_) {}

void RunEnding::begin() {
  tools_.loop.watch(tools_.session.launcher().fd(), POLLIN, [](short) {});
  int stop = tools_.session.options().stop_fd;
  if (stop >= 0) {
    tools_.loop.watch(stop, POLLRDHUP, [](short) {});
  }
  tools_.needs.join(tools_.loop, [this](const std::string& why) {
    if (!tools_.processes.over()) {
      by_force(why);
    }
  });
}

void RunEnding::take_ends() {
  Session& session = tools_.session;
  while (session.healthy()) {
    auto ended = session.launcher().next_end();
    if (!ended) {
      tools_.recorder.lose(ended.error().what);
      tools_.loop.unwatch(session.launcher().fd());
      tools_.processes.give_up();
      return;
    }
    if (!*ended) {
      take_held();
      return;
    }
    RunProcess* process = tools_.processes.find((*ended)->pid);
    if (process == nullptr) {
      (void)tools_.needs.take(**ended);  // or nobody's whom we know
      continue;
    }
    events_.ended(*process, **ended);
    tools_.processes.end_told(process->pid);
  }
}

void RunEnding::take_held() {
  Launcher& launcher = tools_.session.launcher();
  for (int pid : launcher.take_held()) {
    if (const RunProcess* process = tools_.processes.find(pid)) {
      events_.ready(process->link);
    }
    (void)launcher.let_go(pid);  // a shim that is gone is told of
  }
}

// What to wait for while the last ones end: on v2 each group tells when it is
// empty; v1 has to be asked again and again.
std::vector<Fd> RunEnding::watch_populations() {
  std::vector<Fd> events = tools_.links.population_events();
  for (const Fd& event : events) {
    int number = event.get();
    tools_.loop.watch(number, POLLPRI,
                      [number](short) { Cgroup::rearm_event(number); });
  }
  return events;
}

void RunEnding::settle() {
  Settling settling(tools_.links);
  std::vector<int> alive = survivors_.pids();
  if (!alive.empty()) {
    go_.look();
  }
  std::vector<Fd> told;
  if (!alive.empty()) {
    told = watch_populations();
    alive = survivors_.pids();
  }
  // A witness tells of an end a moment after it, when it has passed on what was
  // printed: go may have ended before.
  while (!(alive.empty() && tools_.processes.all_ended()) &&
         settling.left() > kNoTime) {
    tools_.loop.step(settling.pause(told.empty()));
    take_ends();
    settling.look(alive, survivors_);
  }
  for (const Fd& event : told) {
    tools_.loop.unwatch(event.get());
  }
  for (int pid : alive) {
    Observation left;
    left.fact = Fact::leftover;
    left.pid = pid;
    left.text = command_of(pid);
    tools_.recorder.add(left);
    if (RunProcess* known = tools_.processes.find(pid)) {
      known->ended = true;  // we end it: its status says nothing
    }
  }
  if (!alive.empty()) {
    kill_everything();
    survivors_.tell_immortals(tools_.recorder);
  }
  go_.remove_leftovers();
}

// What a fault did to the end is known now: afterwards nothing is left to look
// at.
void RunEnding::kill_everything() {
  go_.look();
  events_.last_look();
  survivors_.kill();
}

// What has ended but was not yet reaped left processes that are still to be
// counted: killed before that, nobody would have outlived the workload.
void RunEnding::by_force(const std::string& why) {
  if (!news_awaited_ && tools_.processes.first_is_dead()) {
    news_awaited_ = true;
    tools_.loop.after(kNews, [this, why] { by_force(why); });
    return;
  }
  for (Link link : {Link::test, Link::command, Link::service, Link::go}) {
    for (const LiveProcess& process : tools_.processes.of(link)) {
      tell_our_signal(process, SIGKILL, why);
    }
  }
  kill_everything();
  tools_.loop.after(kDying, [this] {
    if (!tools_.processes.over()) {
      survivors_.tell_immortals(tools_.recorder);
      tools_.recorder.lose("the workload did not end when it was killed");
      tools_.processes.give_up();
    }
  });
}

// Before it is sent: what comes of it is seen later. An end that has come
// already is not ours.
void RunEnding::tell_our_signal(const LiveProcess& process, int signal,
                                const std::string& why) {
  if (has_ended(process.pidfd)) {
    return;
  }
  Observation ours;
  ours.fact = Fact::our_signal;
  ours.link = link_name(process.link);
  ours.pid = process.pid;
  ours.number = signal;
  ours.text = why;
  tools_.recorder.add(ours);
  events_.stopping(process.pid);
}

}  // namespace faultrig
