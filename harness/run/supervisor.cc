// A supervisor holds its callers' lives: while a call waits for an answer its
// thread sleeps in the kernel. So it never blocks, keeps delays in the loop's
// timers, and reads a caller's memory before it decides, checking afterwards
// that the caller is still the same (seccomp_unotify(2)).
#include "harness/run/supervisor.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/os/close_call.h"
#include "harness/os/flock_call.h"
#include "harness/os/lineage.h"
#include "harness/os/sent_signal.h"
#include "harness/os/shim_processes.h"
#include "harness/run/call_facts.h"
#include "harness/run/short_call.h"

namespace faultrig {

Supervisor::Supervisor(Loop& loop, RuleBook& rules, Setup setup,
                       SupervisorEvents events)
    : loop_(loop),
      rules_(rules),
      setup_(std::move(setup)),
      events_(std::move(events)),
      notifier_(std::move(setup_.listener)),
      ends_(loop),
      made_(notifier_, events_.trigger),
      looks_(notifier_, rules_, setup_.programs) {
  loop_.watch(notifier_.fd(), POLLIN, [this](short seen) { on_ready(seen); });
}

Supervisor::~Supervisor() { loop_.unwatch(notifier_.fd()); }

void Supervisor::on_ready(short events) {
  if ((events & POLLIN) != 0) {
    auto call = notifier_.next();
    if (call && *call) {
      ++heard_;
      handle(**call);
    } else if (!call) {
      events_.lost(call.error().what);
      loop_.unwatch(notifier_.fd());
    }
    return;
  }
  // POLLHUP: the last task under this filter has gone.
  hung_up_ = true;
  loop_.unwatch(notifier_.fd());
}

bool Supervisor::is_ours(const Notification& call, const std::string& name,
                         int pid) {
  if (setup_.own_exec_of == pid && name == "execve") {
    setup_.own_exec_of = 0;
    return true;
  }
  if (setup_.spared && setup_.spared(pid)) {
    return true;
  }
  if (setup_.untouched.empty()) {
    return false;
  }
  return program_of(call.tid) == setup_.untouched;
}

// The number of a thread is given to another process once it has ended.
int Supervisor::process_of(int tid) {
  auto known = process_by_thread_.find(tid);
  if (known != process_by_thread_.end() && has_thread(known->second, tid)) {
    return known->second;
  }
  int pid = process_of_thread(tid).value_or(tid);
  process_by_thread_[tid] = pid;
  return pid;
}

void Supervisor::handle(const Notification& call) {
  Caller caller;
  caller.call = call;
  caller.name = call_name(call.architecture, call.call);
  caller.pid = process_of(call.tid);
  if (is_foreign(call.architecture, call.call)) {
    refuse(caller, "a call of another architecture (a 32-bit program?)");
    return;
  }
  if (is_ours(call, caller.name, caller.pid)) {
    let_run(caller);
    return;
  }
  if (setup_.images != nullptr) {
    setup_.images->meet(call.tid);
  }
  if (setup_.clock != nullptr && setup_.clock->answers(notifier_, caller)) {
    return;
  }
  if (waits_to_exit(caller)) {
    return;
  }
  ends_.calls_again(call.tid);
  caller.news = own_answers_of({setup_.link, caller.pid, caller.name}, call);
  CallView view = looks_.at(caller);
  if (events_.exec && caller.name.starts_with("execve")) {
    events_.exec(caller.pid, view.files());
  }
  std::vector<Selected> selected = fire_triggers(view, caller);
  std::vector<Selected> others = rules_.look_up(view, RuleBook::Which::others);
  selected.insert(selected.end(), others.begin(), others.end());
  tell_doubts(caller, view);
  if (!caller.ending.empty()) {
    ends_.follow(call, [this, ending = caller.ending] {
      std::for_each(ending.begin(), ending.end(),
                    [this](const CallRule* rule) { events_.trigger(*rule); });
    });
  }
  if (selected.empty()) {
    let_run(caller);
    return;
  }
  // Read while it waits: afterwards its memory and its numbers are others.
  GoStackPtr stack = view.stack();
  bool brief = setup_.brief && rules_.acting_of(selected) == nullptr &&
               looks_.knows_way(caller.name, stack);
  SeenCall seen{setup_.link,
                caller.pid,
                caller.name,
                brief ? FileNames() : view.files(),
                brief ? FdKinds() : view.fd_kinds(),
                stack,
                setup_.programs.site_of(caller.name, stack),
                sent_signal(caller.name, call, caller.pid) +
                    flock_operation(caller.name, call) +
                    transport_of(call, caller.name, caller.pid),
                view.peers()};
  answer_and_tell(caller, seen, selected);
}

bool Supervisor::waits_to_exit(const Caller& caller) {
  if (caller.name != "exit_group" || !setup_.before_exit) {
    return false;
  }
  auto wait = setup_.before_exit(caller.pid);
  if (wait) {
    loop_.after(*wait, [this, call = caller.call] {
      if (notifier_.still_waiting(call.id)) {
        handle(call);
      }
    });
  }
  return wait.has_value();
}

// Said once a process, call and fault.
void Supervisor::tell_doubts(const Caller& caller, const CallView& view) {
  for (FaultId fault : rules_.doubts(view)) {
    std::string key = caller.name + " " + std::to_string(fault);
    if (told_.emplace(caller.pid, key).second) {
      events_.record(doubt_of({setup_.link,
                               caller.pid,
                               caller.name,
                               view.files(),
                               {},
                               view.stack(),
                               {},
                               {},
                               view.peers()},
                              fault));
    }
  }
}

// A fault that a trigger starts may begin with this very call.
std::vector<Selected> Supervisor::fire_triggers(const CallView& view,
                                                Caller& caller) {
  std::vector<Selected> triggers =
      rules_.look_up(view, RuleBook::Which::triggers);
  if (!triggers.empty()) {
    // What they start may end the caller: then nothing of it can be read.
    view.files();
    view.fd_kinds();
    view.stack();
    view.peers();
  }
  for (const Selected& trigger : triggers) {
    const CallRule& rule = rules_.rule(trigger.rule);
    if (rule.moment == CallMoment::after) {
      caller.ending.push_back(&rule);
    } else if (rule.moment != CallMoment::before) {
      caller.awaiting.push_back(&rule);
    } else {
      events_.trigger(rule);
    }
  }
  caller.killed = !triggers.empty() && has_been_killed(caller.call.tid);
  return triggers;
}

// Several rules may select a call; the first that does something answers it,
// and is the only one that took effect.
void Supervisor::answer_and_tell(const Caller& caller, const SeenCall& seen,
                                 const std::vector<Selected>& selected) {
  const Selected* acting = rules_.acting_of(selected);
  const CallRule* rule =
      acting == nullptr ? nullptr : &rules_.rule(acting->rule);
  Deed deed = Deed::none;
  auto at = events_.now();
  ConnectFate led;
  if (rule != nullptr && rule->action == CallAction::redirect) {
    led = redirect(caller, seen);
    deed = led.what == ConnectFate::What::gone ? Deed::gone : Deed::none;
  } else if (rule != nullptr) {
    if (auto passed = rules_.passed_over(selected, *rule)) {
      events_.record(passed_by(seen, *passed, "another fault let it run"));
    }
    deed = act(caller, seen, *rule);
  } else if (!let_run(caller)) {
    deed = Deed::gone;
  }
  Observation record = record_of(seen, rule, deed);
  note_fate(led, record);
  record.at = at;
  record.number = (acting == nullptr ? selected.front() : *acting).number;
  events_.record(std::move(record));
  if (deed == Deed::done || deed == Deed::later) {
    rules_.note_effect(acting->rule);
  }
  if (deed == Deed::done) {
    tell_effect(seen, *rule, at);
  }
}

void Supervisor::tell_effect(const SeenCall& seen, const CallRule& rule,
                             std::chrono::nanoseconds at) {
  if (auto limit = limit_met(seen, rule)) {
    limit->at = at;
    events_.record(*std::move(limit));
  }
  Observation effect = effect_on(seen, rule);
  effect.at = at;
  events_.record(std::move(effect));
}

bool Supervisor::was_sent(const Result<bool>& sent) {
  if (!sent) {
    events_.lost(sent.error().what);
  }
  return sent && *sent;
}

// Said once a process and call: what is refused may be asked for ever.
bool Supervisor::refuse(const Caller& caller, const std::string& why) {
  if (told_.emplace(caller.pid, caller.name).second) {
    events_.record(refusal_of({setup_.link, caller.pid, caller.name}, why));
  }
  answer(caller, 0, ENOSYS);
  return false;
}

// Where a trigger waits for a listen(2) or accept(2) that succeeds, the call is
// made here. What io_uring does would get round all rules. What SIGKILL ends is
// not let run: were the answer there before the caller woke up, it would make
// the call and die behind it.
bool Supervisor::let_run(const Caller& caller) {
  if (caller.killed) {
    answer(caller, 0, EINTR);
    return false;
  }
  if (is_ring_call(caller.name)) {
    return refuse(caller, "no rule sees what is done through io_uring");
  }
  if (caller.news && told_.emplace(caller.pid, caller.news->text).second) {
    events_.record(*caller.news);
    bool hides = caller.news->fact == Fact::calls_hidden;
    for (FaultId fault : hides ? rules_.leading() : std::set<FaultId>{}) {
      events_.record(passed_by({setup_.link, caller.pid, caller.name}, fault,
                               "a connect(2) that it answers is not seen"));
    }
  }
  if (setup_.images != nullptr) {
    setup_.images->look(caller);
  }
  auto filled = answer_of_disk(caller);
  if (!filled && setup_.recording != nullptr) {
    filled = setup_.recording->answer(notifier_, caller);
  }
  if (filled) {
    return was_sent(*filled);
  }
  auto made = made_.make(caller.call, caller.name, caller.pid, caller.awaiting);
  if (made) {
    return was_sent(*made);
  }
  return was_sent(notifier_.let_run(caller.call.id));
}

std::optional<Result<bool>> Supervisor::answer_of_disk(const Caller& caller) {
  return setup_.disk == nullptr ? std::nullopt
                                : setup_.disk->answer(notifier_, caller);
}

bool Supervisor::answer(const Caller& caller, std::int64_t value, int error) {
  return was_sent(notifier_.answer(caller.call.id, value, error));
}

Deed Supervisor::act(const Caller& caller, const SeenCall& seen,
                     const CallRule& rule) {
  switch (rule.action) {
    case CallAction::error:
      return fail(caller, static_cast<int>(rule.number));
    case CallAction::returns:
      return answer(caller, rule.number, 0) ? Deed::done : Deed::gone;
    case CallAction::delay:
      return delay(caller, seen, rule);
    case CallAction::signal:
      return send_signal(caller, rule);
    case CallAction::shorten:
      return shorten(caller, rule);
    case CallAction::observe:
    case CallAction::redirect:
      break;
  }
  return let_run(caller) ? Deed::done : Deed::gone;
}

// What waits for a lock that a program could not let go of would wait for us.
// Of EBADF there was no file to close.
Deed Supervisor::fail(const Caller& caller, int error) {
  Result<> gone = caller.name == "close" && error != EBADF
                      ? close_all_the_same(notifier_, caller.call)
                      : let_go(notifier_, caller.name, caller.call, caller.pid);
  if (!gone && notifier_.still_waiting(caller.call.id)) {
    events_.record(
        lock_kept({setup_.link, caller.pid, caller.name}, gone.error().what));
  }
  return answer(caller, 0, error) ? Deed::done : Deed::gone;
}

// It took effect when the call runs on after it, and not when its caller was
// killed meanwhile.
Deed Supervisor::delay(const Caller& caller, const SeenCall& seen,
                       const CallRule& rule) {
  loop_.after(std::chrono::nanoseconds(rule.number),
              [this, caller, seen, &rule] {
                auto at = events_.now();
                if (let_run(caller)) {
                  tell_effect(seen, rule, at);
                } else {
                  rules_.take_back_effect(rule);
                }
              });
  return Deed::later;
}

// The pidfd is that of the caller if the caller still waits after it was
// opened.
Deed Supervisor::send_signal(const Caller& caller, const CallRule& rule) {
  auto pidfd = open_pidfd(caller.pid);
  bool reached = false;
  if (pidfd && notifier_.still_waiting(caller.call.id)) {
    auto sent = signal_pidfd(pidfd->get(), static_cast<int>(rule.number));
    reached = sent && *sent;
  }
  bool killed = reached && has_been_killed(caller.call.tid);
  bool runs = killed ? answer(caller, 0, EINTR) : let_run(caller);
  return reached ? Deed::done : runs ? Deed::none : Deed::gone;
}

// Where it cannot be made here it runs as it is. What moved no less than it
// would have moved anyway is no effect. What a disk has no room for is short by
// itself, or refused.
Deed Supervisor::shorten(const Caller& caller, const CallRule& rule) {
  if (auto filled = answer_of_disk(caller)) {
    return was_sent(*filled) ? Deed::none : Deed::gone;
  }
  auto answered = make_short(notifier_, caller.call, caller.name, caller.pid,
                             static_cast<std::uint64_t>(rule.number));
  if (!answered) {
    return let_run(caller) ? Deed::none : Deed::gone;
  }
  if (setup_.recording != nullptr) {
    setup_.recording->not_seen(caller, "another fault makes it short");
  }
  if (!answer(caller, answered->value, answered->error)) {
    return Deed::gone;
  }
  return answered->cut ? Deed::done : Deed::none;
}

}  // namespace faultrig
