// How a run ends. The first link's end is the end of the workload; what it left
// gets a moment to end by itself, is told as a leftover, and is killed. Only
// then is the output read to its end, because a survivor may hold the pipe.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "harness/base/text.h"
#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_processes.h"
#include "harness/os/signals.h"
#include "harness/run/left_mounts.h"
#include "harness/run/live_run.h"
#include "harness/run/settle_time.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kStep{1000};
constexpr std::chrono::nanoseconds kAskAgain{5'000'000};
// A look costs as much as the machine has processes, more than a short run; at
// the launch itself nobody has moved yet.
constexpr std::chrono::milliseconds kFirstLook{5};
// How often faultrig is looked at, which a workload may have stopped: not after
// each line that is printed.
constexpr std::chrono::milliseconds kParentSeen{100};
// What SIGKILL reaches is given this long before it gets another.
constexpr int kDyingMilliseconds = 250;
// Later than that a busy machine makes nobody.
constexpr std::chrono::milliseconds kFrozen{2000};
constexpr std::chrono::nanoseconds kNoTime{0};

// How much of settle_time() is left, from now on, and when to look who is. Not
// after each call that they make: a look takes longer than that.
class Settling {
 public:
  using Supervisors = std::vector<std::unique_ptr<Supervisor>>;
  explicit Settling(const Supervisors& supervisors)
      : supervisors_(supervisors), before_(heard()) {}

  std::chrono::nanoseconds left() const {
    return begun_ + settle_time(heard() - before_) - Loop::Clock::now();
  }
  // How long to wait for an event; `asks`: none tells that the last has ended.
  std::chrono::nanoseconds pause(bool asks) const {
    return asks || owes_look_ ? kAskAgain : left();
  }
  // Looks, unless it is too early for that: looks take a fifth of the time.
  template <typename Look>
  void look(std::vector<int>& alive, Look survivors) {
    auto begun = Loop::Clock::now();
    owes_look_ = begun < next_ && left() > kNoTime;
    if (!owes_look_) {
      alive = survivors();
      auto done = Loop::Clock::now();
      next_ = done + 4 * (done - begun);
    }
  }

 private:
  std::size_t heard() const {
    std::size_t calls = 0;
    for (const auto& supervisor : supervisors_) {
      calls += supervisor->heard();
    }
    return calls;
  }

  const Supervisors& supervisors_;
  Loop::Clock::time_point begun_ = Loop::Clock::now();
  Loop::Clock::time_point next_ = begun_;
  bool owes_look_ = false;
  std::size_t before_;
};

}  // namespace

Capture LiveRun::capture_lines(const char* stream, TestLines lines) {
  bool is_stdout = stream == std::string_view("stdout");
  auto look = [this, stream, is_stdout, lines](std::string_view line) {
    bool told = service_ && service_->line(line);
    looks_.line(line, is_stdout, lines);
    Observation seen;
    seen.names = recoveries_.line(line, is_stdout,
                                  (is_stdout ? out_ : err_).line_begin());
    told = told || !seen.names.empty();
    if (triggers_->line(line, is_stdout, lines) || told) {
      seen.source = Source::output;
      seen.fact = Fact::output_line;
      seen.stream = stream;
      seen.text = valid_utf8(line.substr(0, 4096));
      recorder_.add(seen);
    }
  };
  return {session_.options().keep_output, look};
}

Result<> LiveRun::execute(const FirstLink& first) {
  if (triggers_->wants_lines() || recoveries_.want_lines() ||
      looks_.wants_lines() || (service_ && service_->wants_lines())) {
    out_ = capture_lines("stdout", first.lines);
    err_ = capture_lines("stderr", first.lines);
  }
  loop_.watch(session_.launcher().fd(), POLLIN, [](short) {});
  while (next_signal(session_.signals())) {  // of earlier runs
  }
  loop_.watch(session_.signals().get(), POLLIN,
              [this](short) { take_signals(); });
  if (session_.options().stop_fd >= 0) {
    loop_.watch(session_.options().stop_fd, POLLRDHUP, [](short) {});
  }
  needs_.join(loop_, [this](const std::string& why) {
    if (!first_ended_) {
      end_by_force(why);
    }
  });
  loop_.start_clock();
  TRY(launch(first));
  loop_.after(kFirstLook, [this] { watch_for_escapes(); });
  if (!first.go_place.empty()) {
    loop_.after(kFirstLook, [this] { watch_for_go(); });
  }
  loop_.after(looks_.before(plan_.scenario.workload.deadline),
              [this] { on_deadline(); });
  TRY(wait_for_end());
  if (service_) {
    service_->ended();
  }
  settle();
  if (service_) {
    service_->gone();
  }
  if (witnesses_) {
    witnesses_->look_at_door();
  }
  finish_output();
  for (const auto& [link, state] : links_) {
    state.calls.last_look();
    state.tools->tell_all();
    state.calls.tell();
  }
  profiles_.tell(recorder_);
  spans_.tell();
  tell_mounts(session_, recorder_);
  needs_.leave();
  recorder_.tell_end();
  return Ok{};
}

Result<> LiveRun::wait_for_end() {
  Loop::Clock::time_point parent_seen = Loop::Clock::now();
  while (!first_ended_) {
    loop_.step(kStep);
    if (loop_.nap().slept > loop_.nap().wanted + kFrozen) {
      lose_time();
    }
    take_ends();
    look_for_lost_triggers();
    look_around();
    auto now = Loop::Clock::now();
    if (session_.options().stop_fd >= 0 && now - parent_seen >= kParentSeen) {
      parent_seen = now;
      keep_parent_going();
    }
    if (session_.stopped()) {
      kill_everything();
      return internal_error("stopped");
    }
  }
  // What the witnesses said before `go` ended is in their sockets by now.
  constexpr int kMostTurns = 1000;
  for (int turn = 0; turn < kMostTurns && session_.healthy() &&
                     loop_.step(std::chrono::nanoseconds(0));
       ++turn) {
    take_ends();
  }
  return Ok{};
}

void LiveRun::take_ends() {
  while (session_.healthy()) {
    auto ended = session_.launcher().next_end();
    if (!ended) {
      lose(ended.error().what);
      loop_.unwatch(session_.launcher().fd());
      first_ended_ = true;
      return;
    }
    if (!*ended) {
      take_held();
      return;
    }
    auto process = processes_.find((*ended)->pid);
    if (process == processes_.end()) {
      (void)needs_.take(**ended);  // or nobody's whom we know
      continue;
    }
    link_ended(process->second, **ended);
    first_ended_ = first_ended_ || process->first == first_pid_;
  }
}

void LiveRun::take_held() {
  for (int pid : session_.launcher().take_held()) {
    auto process = processes_.find(pid);
    if (process != processes_.end()) {
      link_ready(process->second.link);
    }
    (void)session_.launcher().let_go(pid);  // a shim that is gone is told of
  }
}

bool LiveRun::everything_ended() const {
  return std::all_of(processes_.begin(), processes_.end(),
                     [](const auto& entry) { return entry.second.ended; });
}

// Who adopts orphans: the shim, and where the workload has killed it, we.
int LiveRun::root() const {
  return session_.healthy() ? session_.launcher().shim_pid() : getpid();
}

std::vector<int> LiveRun::survivors() const {
  std::set<int> alive;
  for (const auto& [link, state] : links_) {
    for (int pid : state.group.members()) {
      alive.insert(pid);
    }
  }
  // Whatever left its cgroup is still a child of the shim, or of such a child.
  if (has_children(root())) {
    for (int pid : descendants_of(root())) {
      alive.insert(pid);
    }
  }
  if (witnesses_) {
    for (int witness : witnesses_->pids()) {
      alive.erase(witness);
    }
  }
  for (int spared : needs_.pids()) {
    alive.erase(spared);
  }
  return {alive.begin(), alive.end()};
}

// What to wait for while the last ones end: on v2 each group tells when it is
// empty; v1 has to be asked again and again.
std::vector<Fd> LiveRun::watch_populations() {
  std::vector<Fd> events;
  for (const auto& [link, state] : links_) {
    auto event = state.group.population_event();
    if (!event) {
      return {};
    }
    events.push_back(std::move(event).value());
  }
  for (const Fd& event : events) {
    int number = event.get();
    loop_.watch(number, POLLPRI,
                [number](short) { Cgroup::rearm_event(number); });
  }
  return events;
}

void LiveRun::settle() {
  Settling settling(supervisors_);
  std::vector<int> alive = survivors();
  if (!alive.empty()) {
    look_for_go();
  }
  std::vector<Fd> told;
  if (!alive.empty()) {
    told = watch_populations();
    alive = survivors();
  }
  // A witness tells of an end a moment after it, when it has passed on what was
  // printed: go may have ended before.
  while (!(alive.empty() && everything_ended()) && settling.left() > kNoTime) {
    loop_.step(settling.pause(told.empty()));
    take_ends();
    settling.look(alive, [this] { return survivors(); });
  }
  for (const Fd& event : told) {
    loop_.unwatch(event.get());
  }
  for (int pid : alive) {
    Observation left;
    left.fact = Fact::leftover;
    left.pid = pid;
    left.text = command_of(pid);
    recorder_.add(left);
    auto known = processes_.find(pid);
    if (known != processes_.end()) {
      known->second.ended = true;  // we end it: its status says nothing
    }
  }
  if (!alive.empty()) {
    kill_everything();
    tell_immortals();
  }
  session_.go_leftovers().remove();
}

// Not a look more than that: whoever forks all the time is not waited for.
void LiveRun::kill_everything() {
  look_for_go();
  // What a fault did to the end is known now: afterwards nothing is left to
  // look at.
  for (auto& injector : injectors_) {
    injector->last_look();
  }
  for (const auto& [link, state] : links_) {
    state.group.kill();
  }
  if (needs_.any()) {
    kill_survivors();
  } else if (has_children(root())) {
    kill_descendants(root(), 5000);
  }
}

// All but what the service needs, which ends after it.
void LiveRun::kill_survivors() {
  constexpr int kMostTries = 20;
  std::vector<int> alive = survivors();
  for (int tries = 0; !alive.empty() && tries < kMostTries; ++tries) {
    await_all(signal_all(alive, SIGKILL), kDyingMilliseconds);
    alive = survivors();
  }
}

void LiveRun::finish_output() {
  auto until = Loop::Clock::now() + std::chrono::seconds(5);
  while ((out_pipe_ || err_pipe_) && Loop::Clock::now() < until) {
    loop_.step(std::chrono::milliseconds(100));
  }
  struct Stream {
    const char* name;
    Capture& capture;
  };
  for (Stream stream : {Stream{"stdout", out_}, Stream{"stderr", err_}}) {
    stream.capture.finish();
    if (stream.capture.cut() > 0) {
      Observation cut;
      cut.source = Source::output;
      cut.fact = Fact::output_cut;
      cut.stream = stream.name;
      cut.number = static_cast<std::int64_t>(stream.capture.cut());
      recorder_.add(cut);
    }
  }
}

LiveRun::Yield LiveRun::take_yield() {
  Yield yield{
      recorder_.take(), out_.text(), err_.text(), profiles_.take_files(), {}};
  const auto& again = plan_.launch.watch.again;
  if (service_ && again) {
    yield.acknowledged = service_->requests().acknowledged(again->finds);
  }
  return yield;
}

}  // namespace faultrig
