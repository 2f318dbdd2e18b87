// A program does not stop for a look, so what is seen is of a moment only as
// far as nothing happens in it. At its end something would: exit_group(2) takes
// all goroutines along. So that call waits for us (link_calls.cc), and for
// those that are about to end, as goleak does.
#include "harness/run/goroutine_looks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "harness/base/names.h"
#include "harness/run/process_goroutines.h"

namespace faultrig {

namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds kStartLook{5};
constexpr int kMostStartLooks = 200;
// Two looks at what hangs are more than a second apart.
constexpr milliseconds kEarly{1200};
// From look to look at a program that exits.
constexpr std::array<milliseconds, 3> kSettling{
    {milliseconds(10), milliseconds(90), milliseconds(400)}};
// So many looks at each stride; then every other one is left out.
constexpr std::size_t kLooksOfStride = 64;

std::int64_t own_goroutines(const GoroutineLook& look) {
  return std::count_if(look.goroutines.begin(), look.goroutines.end(),
                       [](const SeenGoroutine& one) { return !one.internal; });
}

}  // namespace

GoroutineLooks::GoroutineLooks(const Scenario& scenario, Tools tools)
    : scenario_(scenario), tools_(std::move(tools)) {}

void GoroutineLooks::started(Link link) {
  if (!observer() || link != own_link()) {
    return;
  }
  if (observer()->every > nanoseconds(0) && !std::exchange(ticking_, true)) {
    tools_.loop.after(observer()->every, [this] { tick(); });
  }
  if (!asks(LookMoment::start)) {
    return;
  }
  for (const LiveProcess& process : tools_.processes(own_link())) {
    if (seen_to_start_.insert(process.pid).second) {
      starting_.insert(process.pid);
    }
  }
  tools_.loop.after(kStartLook, [this] { try_starts(1); });
}

// Before its first goroutine runs there is nothing to be found.
void GoroutineLooks::try_starts(int tries) {
  std::vector<LiveProcess> alive = tools_.processes(own_link());
  std::erase_if(alive, [this](const LiveProcess& process) {
    return !starting_.contains(process.pid);
  });
  for (const ProcessLook& one : look_at_all(alive, tools_.programs)) {
    bool runs = one.look && own_goroutines(*one.look) > 0;
    if (runs || tries >= kMostStartLooks) {
      tell(one, look_moment_name(LookMoment::start), "");
      starting_.erase(one.pid);
    }
  }
  if (!alive.empty() && tries < kMostStartLooks) {
    tools_.loop.after(kStartLook, [this, tries] { try_starts(tries + 1); });
  }
}

void GoroutineLooks::tick() {
  note(kLookEvery, "");
  tools_.loop.after(observer()->every, [this] { tick(); });
}

void GoroutineLooks::note(std::string_view moment, const std::string& what) {
  pending_.insert_or_assign(std::string(moment), what);
}

void GoroutineLooks::came(LookMoment moment, const std::string& what) {
  if (asks(moment)) {
    note(look_moment_name(moment), what);
  }
}

void GoroutineLooks::line(std::string_view line, bool is_stdout,
                          TestLines lines) {
  if (!is_stdout || !wants_lines()) {
    return;
  }
  if (auto test = started_test(line, lines)) {
    came(LookMoment::test, *test);
  }
}

void GoroutineLooks::turn() {
  for (std::size_t i = 0;
       asks(LookMoment::fault) && i < scenario_.faults.size(); ++i) {
    auto fault = static_cast<FaultId>(i);
    if (tools_.recorder.effects_of(fault) > 0 &&
        effects_told_.insert(fault).second) {
      look(look_moment_name(LookMoment::fault), scenario_.faults[i].name);
    }
  }
  for (const auto& [moment, what] : std::exchange(pending_, {})) {
    if (is_due(moment)) {
      look(moment, what);
    }
  }
}

bool GoroutineLooks::is_due(std::string_view moment) {
  if (moment != kLookEvery && moment != look_moment_name(LookMoment::test)) {
    return true;
  }
  Pace& pace = paces_[std::string(moment)];
  if (pace.came++ % pace.stride != 0 || Loop::Clock::now() < rested_) {
    return false;
  }
  if (++pace.taken % kLooksOfStride == 0) {
    pace.stride *= 2;
  }
  return true;
}

void GoroutineLooks::look(std::string_view moment, const std::string& what) {
  auto begin = Loop::Clock::now();
  bool first = false;
  for (const ProcessLook& one :
       look_at_all(tools_.processes(own_link()), tools_.programs)) {
    tell(one, moment, what);
    first = looked_at_.insert(one.pid).second || first;
  }
  // The first one at a program decodes its tables.
  auto end = Loop::Clock::now();
  rested_ = first ? end : end + (end - begin);
}

// All facts of a look have one time.
void GoroutineLooks::tell(const ProcessLook& one, std::string_view moment,
                          const std::string& what) {
  Observation head;
  head.at = tools_.recorder.now();
  head.fact = Fact::goroutine_look;
  head.link = link_name(one.link);
  head.pid = one.pid;
  head.action = moment;
  head.text = one.look ? what : one.look.error().what;
  head.number = one.look ? own_goroutines(*one.look) : 0;
  std::vector<Observation> facts =
      one.look ? goroutine_facts(*one.look) : std::vector<Observation>();
  tools_.recorder.add(head);
  for (Observation& fact : facts) {
    bool seen = fact.fact == Fact::goroutines_seen;
    fact.fact = seen ? Fact::goroutines_there : fact.fact;
    fact.at = head.at;
    fact.link = head.link;
    fact.pid = head.pid;
    fact.text = seen ? head.action : fact.text;
    fact.action = seen ? fact.action : head.action;
    tools_.recorder.add(std::move(fact));
  }
}

void GoroutineLooks::before_stop(int signal) {
  if (scenario_.workload.service && is_stop_signal(signal) &&
      asks(LookMoment::end) && !std::exchange(stop_seen_, true)) {
    look(look_moment_name(LookMoment::end), "");
  }
}

nanoseconds GoroutineLooks::before(nanoseconds left) const {
  return observer() && !late_seen_ && left > kEarly ? left - kEarly : left;
}

void GoroutineLooks::nearly_over(nanoseconds left) {
  if (observer() && left <= kEarly && !tools_.processes(own_link()).empty() &&
      !std::exchange(late_seen_, true)) {
    look(kLookLate, "");
  }
}

std::optional<nanoseconds> GoroutineLooks::before_exit(Link link, int pid) {
  if (link != own_link() || scenario_.workload.service ||
      !asks(LookMoment::end)) {
    return std::nullopt;
  }
  ProcessLook one{link, pid, look_at_goroutines(pid, tools_.programs)};
  bool is_go = one.look || one.look.error().os_errno != ENOEXEC;
  std::size_t asked = exiting_[pid]++;
  bool settled = !one.look || own_goroutines(*one.look) <= 1;
  if (!settled && asked < kSettling.size()) {
    return kSettling.at(asked);
  }
  if (is_go) {
    tell(one, look_moment_name(LookMoment::end), "");
  }
  exiting_.erase(pid);
  return std::nullopt;
}

bool GoroutineLooks::is_exiting() {
  return !exiting_.empty() && !std::exchange(put_off_, true);
}

}  // namespace faultrig
