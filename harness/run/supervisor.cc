// A supervisor holds its callers' lives: while a call waits for an answer its
// thread sleeps in the kernel. So it never blocks, keeps delays in the loop's
// timers, and reads a caller's memory before it decides, checking afterwards
// that the caller is still the same (seccomp_unotify(2)).
#include "harness/run/supervisor.h"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/syscalls.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

Supervisor::Supervisor(Loop& loop, RuleBook& rules, Setup setup,
                       SupervisorEvents events)
    : loop_(loop),
      rules_(rules),
      setup_(std::move(setup)),
      events_(std::move(events)),
      notifier_(std::move(setup_.listener)) {
  loop_.watch(notifier_.fd(), POLLIN, [this](short seen) { on_ready(seen); });
}

Supervisor::~Supervisor() { loop_.unwatch(notifier_.fd()); }

void Supervisor::on_ready(short events) {
  if ((events & POLLIN) != 0) {
    auto call = notifier_.next();
    if (call && *call) {
      handle(**call);
    } else if (!call) {
      events_.lost(call.error().what);
      loop_.unwatch(notifier_.fd());
    }
    return;
  }
  // POLLHUP: the last task under this filter has gone.
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

void Supervisor::handle(const Notification& call) {
  auto known = process_by_thread_.find(call.tid);
  if (known == process_by_thread_.end()) {
    int pid = process_of_thread(call.tid).value_or(call.tid);
    known = process_by_thread_.emplace(call.tid, pid).first;
  }
  Caller caller{call, call_name(call.architecture, call.call), known->second};
  if (is_foreign(call.architecture, call.call)) {
    refuse(caller, "a call of another architecture (a 32-bit program?)");
    return;
  }
  if (is_ours(call, caller.name, caller.pid)) {
    let_run(caller);
    return;
  }
  CallView view = view_of(caller);
  std::vector<Selected> listens;
  for (const Selected& trigger :
       rules_.look_up(view, RuleBook::Which::triggers)) {
    if (rules_.rule(trigger.rule).when_listening) {
      listens.push_back(trigger);
    } else {
      note(caller, trigger);
    }
  }
  std::vector<Selected> selected =
      rules_.look_up(view, RuleBook::Which::others);
  selected.insert(selected.end(), listens.begin(), listens.end());
  act_on(caller, selected);
}

// Several rules may watch a call; the first that does something answers it.
void Supervisor::act_on(const Caller& caller,
                        const std::vector<Selected>& selected) {
  const Selected* acting = nullptr;
  for (const Selected& one : selected) {
    const CallRule& rule = rules_.rule(one.rule);
    bool does = rule.action != CallAction::observe || rule.when_listening;
    if (does && acting == nullptr) {
      acting = &one;
    } else {
      note(caller, one);
    }
  }
  if (acting == nullptr) {
    let_run(caller);
  } else {
    act(caller, *acting);
  }
}

CallView Supervisor::view_of(const Caller& caller) const {
  CallView view;
  view.call = caller.name;
  view.path = [this, &caller] { return path_of(caller); };
  view.fd_kind = [this, &caller] { return fd_kind_of(caller); };
  view.fd_table_full = [&caller] { return descriptor_table_full(caller.pid); };
  return view;
}

std::string Supervisor::path_of(const Caller& caller) const {
  const Syscall* known = find_syscall(caller.name);
  if (known == nullptr) {
    return "";
  }
  auto argument = [&](int index) {
    return caller.call.args[static_cast<std::size_t>(index)];
  };
  int tid = caller.call.tid;
  if (known->path_argument < 0) {
    int fd = known->fd_argument;
    return fd < 0 ? "" : descriptor_target(tid, static_cast<int>(argument(fd)));
  }
  auto path = read_string(tid, argument(known->path_argument));
  if (!path || !notifier_.still_waiting(caller.call.id)) {
    return "";
  }
  if (path->starts_with('/')) {
    return normal_path(*path);
  }
  int folder = known->dirfd_argument < 0
                   ? AT_FDCWD
                   : static_cast<int>(argument(known->dirfd_argument));
  if (path->empty() && folder != AT_FDCWD) {
    return descriptor_target(tid, folder);  // AT_EMPTY_PATH
  }
  std::string base =
      folder == AT_FDCWD ? folder_of(tid) : descriptor_target(tid, folder);
  return normal_path(base + "/" + *path);
}

FdKind Supervisor::fd_kind_of(const Caller& caller) const {
  const Syscall* known = find_syscall(caller.name);
  if (known == nullptr || known->fd_argument < 0) {
    return FdKind::any_but_stdio;
  }
  int number = static_cast<int>(
      caller.call.args[static_cast<std::size_t>(known->fd_argument)]);
  if (number >= 0 && number <= 2) {
    return FdKind::stdio;
  }
  std::string target = descriptor_target(caller.call.tid, number);
  if (target.starts_with("socket:")) {
    return FdKind::socket;
  }
  if (target.starts_with("pipe:")) {
    return FdKind::pipe;
  }
  return target.starts_with("/") ? FdKind::file : FdKind::any_but_stdio;
}

void Supervisor::note(const Caller& caller, const Selected& selected) {
  const CallRule& rule = rules_.rule(selected.rule);
  Observation seen;
  seen.source = Source::seccomp;
  seen.fact = Fact::call_intercepted;
  seen.fault = rule.is_trigger ? kNoFault : rule.fault;
  seen.link = link_name(setup_.link);
  seen.pid = caller.pid;
  seen.number = selected.number;
  seen.call = caller.name;
  seen.path = path_of(caller);
  seen.error =
      rule.action == CallAction::error ? static_cast<int>(rule.number) : 0;
  seen.action = call_action_name(rule.action);
  events_.record(seen);
  if (rule.is_trigger) {
    events_.trigger(rule.fault);
    return;
  }
  if (rule.fault == kNoFault) {
    return;
  }
  Observation proof;
  proof.source = Source::seccomp;
  proof.fact = Fact::fault_activated;
  proof.fault = rule.fault;
  proof.link = seen.link;
  proof.pid = caller.pid;
  if (rule.watches_fd_limit) {
    Observation full = proof;
    full.fact = Fact::limit_hit;
    full.call = caller.name;
    full.text = "every descriptor below RLIMIT_NOFILE was in use";
    events_.record(full);
    proof.text = caller.name + " with every descriptor below the limit in use";
  } else if (rule.action == CallAction::observe) {
    proof.text = caller.name + " of " + seen.path;
  } else {
    proof.text = caller.name + " " + rule.text();
  }
  events_.record(proof);
}

void Supervisor::check(const Result<bool>& sent) {
  if (!sent) {
    events_.lost(sent.error().what);
  }
}

// A fault may answer io_uring's calls; running they would get round all rules.
void Supervisor::let_run(const Caller& caller) {
  if (is_ring_call(caller.name)) {
    refuse(caller, "no rule sees what is done through io_uring");
  } else {
    check(notifier_.let_run(caller.call.id));
  }
}

// Said once a process and call: what is refused may be asked for ever.
void Supervisor::refuse(const Caller& caller, const std::string& why) {
  if (refused_.emplace(caller.pid, caller.name).second) {
    Observation refused;
    refused.source = Source::seccomp;
    refused.fact = Fact::call_refused;
    refused.link = link_name(setup_.link);
    refused.pid = caller.pid;
    refused.call = caller.name;
    refused.error = ENOSYS;
    refused.text = why;
    events_.record(refused);
  }
  answer(caller, 0, ENOSYS);
}

void Supervisor::answer(const Caller& caller, std::int64_t value, int error) {
  check(notifier_.answer(caller.call.id, value, error));
}

void Supervisor::act(const Caller& caller, const Selected& selected) {
  const CallRule& rule = rules_.rule(selected.rule);
  if (rule.when_listening) {
    if (!try_listen(caller, selected)) {
      let_run(caller);
    }
    return;
  }
  if (rule.action == CallAction::shorten) {
    if (shorten(caller, rule)) {
      note(caller, selected);
    } else {
      let_run(caller);
    }
    return;
  }
  note(caller, selected);
  switch (rule.action) {
    case CallAction::error:
      answer(caller, 0, static_cast<int>(rule.number));
      break;
    case CallAction::returns:
      answer(caller, rule.number, 0);
      break;
    case CallAction::delay:
      delay(caller, rule);
      break;
    case CallAction::signal:
      send_signal(caller, rule);
      break;
    case CallAction::observe:
    case CallAction::shorten:
      let_run(caller);
      break;
  }
}

void Supervisor::delay(const Caller& caller, const CallRule& rule) {
  loop_.after(std::chrono::nanoseconds(rule.number),
              [this, caller] { let_run(caller); });
}

void Supervisor::send_signal(const Caller& caller, const CallRule& rule) {
  auto pidfd = open_pidfd(caller.pid);
  if (pidfd) {
    (void)signal_pidfd(pidfd->get(), static_cast<int>(rule.number));
  }
  let_run(caller);
}

// The call is made for its caller, on a copy of its descriptor, with less.
// False where that is not possible without blocking: then it runs as it is.
bool Supervisor::shorten(const Caller& caller, const CallRule& rule) {
  const MovingCall* moving = moving_call(caller.name);
  auto asked = caller.call.args[2];
  auto most = static_cast<std::uint64_t>(rule.number);
  if (moving == nullptr || asked <= most || most > kMostBytesMoved) {
    return false;
  }
  auto pidfd = open_pidfd(caller.pid);
  if (!pidfd) {
    return false;
  }
  auto copy =
      copy_descriptor(pidfd->get(), static_cast<int>(caller.call.args[0]));
  if (!copy || !notifier_.still_waiting(caller.call.id)) {
    return false;
  }
  std::int64_t moved = move_some(caller, *copy, most, moving->writes);
  if (moved < 0) {
    return false;
  }
  answer(caller, moved, 0);
  return true;
}

std::int64_t Supervisor::move_some(const Caller& caller, const Fd& copy,
                                   std::size_t size, bool writes) {
  std::optional<std::int64_t> offset;
  if (moving_call(caller.name)->has_offset) {
    offset = static_cast<std::int64_t>(caller.call.args[3]);
  }
  if (writes) {
    auto bytes = read_memory(caller.call.tid, caller.call.args[1], size);
    return bytes ? write_some(copy, *bytes, offset) : -EFAULT;
  }
  std::string bytes(size, '\0');
  std::int64_t got = read_some(copy, bytes, offset);
  if (got > 0 && !write_memory(caller.call.tid, caller.call.args[1], bytes)) {
    return -EFAULT;
  }
  return got;
}

// listen(2) has no other effect than on the socket, which a copy shares: done
// here, its success is known, and the trigger fires when connections can come.
bool Supervisor::try_listen(const Caller& caller, const Selected& selected) {
  auto pidfd = open_pidfd(caller.pid);
  if (!pidfd) {
    return false;
  }
  auto copy =
      copy_descriptor(pidfd->get(), static_cast<int>(caller.call.args[0]));
  if (!copy || !notifier_.still_waiting(caller.call.id)) {
    return false;
  }
  std::int64_t result = listen_on(*copy, static_cast<int>(caller.call.args[1]));
  if (result == 0) {
    note(caller, selected);
    answer(caller, 0, 0);
  } else {
    answer(caller, 0, static_cast<int>(-result));
  }
  return true;
}

}  // namespace faultrig
