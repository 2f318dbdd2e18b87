// The witness is the link that `go` cannot be: go says 1 for every way in which
// a test binary ends, the witness says the raw status. It stays in a process
// group of its own, so that a signal to go's group reaches the test binary once
// and not a second time through our forwarding; signals sent to the witness
// alone (go's SIGQUIT after -timeout) are forwarded.
#include "harness/shim/witness.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <utility>

#include "harness/base/last_word.h"
#include "harness/base/wait_status.h"
#include "harness/os/shim_hold.h"
#include "harness/os/shim_launch.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_relay.h"
#include "harness/os/shim_signals.h"
#include "harness/os/shim_wire.h"
#include "harness/shim/socket.h"

namespace faultrig {

namespace {

constexpr int kCannotExec = 126;
constexpr int kNotFound = 127;
constexpr int kHighNumber = 60;

int complain(const std::string& what, int code) {
  std::string line = "faultrig-shim: " + what + "\n";
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) {
    return code;
  }
  return code;
}

std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    out.emplace_back(*entry);
  }
  return out;
}

// In place, so that the program finds even the order that it would have found.
void restore(std::vector<std::string>& environment,
             const std::vector<std::string>& wanted) {
  for (const std::string& entry : wanted) {
    std::string start = entry.substr(0, entry.find('=')) + "=";
    auto found = std::find_if(
        environment.begin(), environment.end(),
        [&](const std::string& one) { return one.starts_with(start); });
    if (found == environment.end()) {
      continue;
    }
    if (entry.find('=') == std::string::npos) {
      environment.erase(found);
    } else {
      *found = entry;
    }
  }
}

// Low numbers belong to the workload: a listener opened under a small
// RLIMIT_NOFILE must find one free.
Result<Fd> moved_up(Fd low) { return duplicate(low.get(), kHighNumber); }

struct Orders {
  ChildOrder child;
  std::vector<Fd> slots;
};

Result<Orders> ask_for_orders(int socket, const std::vector<std::string>& argv,
                              int group) {
  TRY(send_packet(socket, Hello{getpid(), argv[0]}));
  TRY_ASSIGN(auto packet, receive_packet(socket));
  auto* order = packet ? std::get_if<StepOrder>(&packet->message) : nullptr;
  if (order == nullptr) {
    return internal_error("faultrig gave no orders");
  }
  Orders orders{{argv, environment(), std::move(order->steps), group}, {}};
  orders.child.hold = order->hold;
  restore(orders.child.env, order->restore);
  // Not at the end: behind the author's `-args` they were no flags.
  orders.child.argv.insert(orders.child.argv.begin() + 1, order->words.begin(),
                           order->words.end());
  for (Fd& fd : packet->fds) {
    TRY_ASSIGN(Fd moved, moved_up(std::move(fd)));
    orders.slots.push_back(std::move(moved));
  }
  for (int slot : order->witness_slots) {
    // Best effort: the group of a capped `go` would only make us a victim.
    if (write(orders.slots[static_cast<std::size_t>(slot)].get(), "0", 1) < 0) {
      continue;
    }
  }
  return orders;
}

void forward(int signals, const Fd& pidfd) {
  signalfd_siginfo seen{};
  while (read(signals, &seen, sizeof seen) == sizeof seen) {
    auto number = static_cast<int>(seen.ssi_signo);
    bool ours = number == SIGCHLD || number == SIGPIPE;
    if (!ours) {
      syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0);
    }
  }
}

// What the child writes passes through us: of a package that is ok, go throws
// all output away, and with it whether a test ever said PASS.
struct Listener {
  Relay relay;
  std::unique_ptr<LastWord> heard;
};

Result<Listener> listen_in(const std::vector<std::string>& argv) {
  auto heard = std::make_unique<LastWord>(marks_its_lines(argv));
  LastWord* ear = heard.get();
  auto hear = [ear](Relay::Stream stream, std::string_view bytes) {
    if (stream == Relay::Stream::out) {  // testing says it nowhere else
      ear->take(bytes);
    }
  };
  TRY_ASSIGN(Relay relay, Relay::open(hear, kHighNumber));
  return Listener{std::move(relay), std::move(heard)};
}

// One turn: signals are forwarded, output is passed on. The first two of
// `waits` are filled in by the caller.
void turn(std::vector<pollfd> waits, int signals, const Fd& pidfd,
          Relay& relay) {
  std::size_t own = waits.size();
  waits.push_back({signals, POLLIN, 0});
  relay.add_to(waits);
  if (poll(waits.data(), waits.size(), -1) < 0) {
    return;
  }
  if ((waits[own].revents & POLLIN) != 0) {
    forward(signals, pidfd);
  }
  relay.take(waits.data() + own + 1);
}

Ended wait_for(const Child& child, int signals, Listener& listener) {
  while (!has_ended(child.pidfd.get())) {
    turn({{child.pidfd.get(), POLLIN, 0}}, signals, child.pidfd,
         listener.relay);
  }
  Ended ended{child.pid};
  // A status of 0 that nobody gave would be a pass.
  while (waitpid(child.pid, &ended.status, 0) < 0) {
    if (errno == ECHILD) {
      _exit(kCannotExec);
    }
  }
  ended.at_ns = monotonic_ns();
  // What it wrote before its end comes before its end, however slow the reader.
  listener.relay.take_rest();
  while (!listener.relay.flushed()) {
    turn({}, signals, child.pidfd, listener.relay);
  }
  ended.listened = true;
  ended.last_word = listener.heard->word();
  ended.stays = listener.relay.leave_behind();
  return ended;
}

// It waits until faultrig has done to it what is to come first. A faultrig that
// is gone says nothing any more, and its child dies with us.
void hold(const Child& child, int socket) {
  if ((child.held || await_hold(child.pid)) &&
      send_packet(socket, Held{child.pid})) {
    (void)receive_packet(socket);
  }
  let_go(child.pid);
}

}  // namespace

int witness(const std::string& path, const std::vector<std::string>& argv) {
  int group = getpgrp();
  setpgid(0, 0);
  SignalState given;
  auto signals = take_all_signals(&given);
  auto found = connect_to(path);
  if (!found || !signals) {
    return complain((found ? signals.error() : found.error()).what,
                    kCannotExec);
  }
  auto socket = moved_up(std::move(found).value());
  auto signals_up = moved_up(std::move(signals).value());
  if (!socket || !signals_up) {
    return complain("too few descriptors", kCannotExec);
  }
  auto orders = ask_for_orders(socket->get(), argv, group);
  if (!orders) {
    return complain(orders.error().what, kCannotExec);
  }
  orders->child.signals = given;
  // The program that we start runs as the same user, and could speak in our
  // name (pidfd_getfd(2), ptrace(2)). Not sooner: faultrig looked at us.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  orders->child.closed_before = socket->get();
  auto listener = listen_in(argv);
  if (!listener) {
    return complain(listener.error().what, kCannotExec);
  }
  listener->relay.divert();
  auto launched = launch_child(orders->child, orders->slots);
  listener->relay.restore();
  if (auto* failed = std::get_if<LaunchError>(&launched)) {
    (void)send_packet(socket->get(),
                      LaunchFailed{failed->step, failed->os_errno});
    Error error = system_error(failed->step + " " + argv[0], failed->os_errno);
    return complain(error.what,
                    failed->os_errno == ENOENT ? kNotFound : kCannotExec);
  }
  auto& child = std::get<Child>(launched);
  if (!send_packet(socket->get(), started_as(child), passed_with(child))) {
    // Nobody would watch it, and nobody answer its calls.
    kill(child.pid, SIGKILL);
    return complain("cannot tell that " + argv[0] + " was started",
                    kCannotExec);
  }
  // The listener has one owner: were we to keep it, calls would wait for an
  // answer for ever after faultrig is gone.
  child.listener.reset();
  child.disk.clear();
  child.network.clear();
  if (orders->child.hold) {
    hold(child, socket->get());
  }
  Ended ended = wait_for(child, signals_up->get(), *listener);
  (void)send_packet(socket->get(), ended);
  end_like(WaitStatus(ended.status));
}

int announce(const std::string& path, int fault) {
  auto socket = connect_to(path);
  if (!socket || !send_packet(socket->get(), Announce{fault, getppid()})) {
    return 1;
  }
  // Wait until it was read, so that it is in the trace before what follows.
  (void)receive_packet(socket->get());
  return 0;
}

}  // namespace faultrig
