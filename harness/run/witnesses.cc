// Who is heard as a witness. The workload runs as the same user, so no secret
// that `go` could hand down would be one: what go has, a test can read
// (/proc/PID/environ, pidfd_getfd(2)). What a test cannot change is descent. A
// witness is the shim and descends from this run's go, with neither another
// witness nor a test between: a child that a test gave to its own parent
// (CLONE_PARENT in clone(2)) has the witness there, an orphan has no go.
#include "harness/run/witnesses.h"

#include <algorithm>
#include <utility>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

// Whoever knocks for ever is told of so often.
constexpr int kMostForgeries = 20;

std::string in_words(int pid) {
  return "process " + std::to_string(pid) + " (" + command_of(pid) + ")";
}

}  // namespace

Witnesses::Witnesses(const std::filesystem::path& shim, WitnessEvents events)
    : shim_(shim.string()), events_(std::move(events)) {}

Result<std::unique_ptr<Witnesses>> Witnesses::open(
    Loop& loop, const std::filesystem::path& path,
    const std::filesystem::path& shim, WitnessEvents events) {
  auto witnesses = std::make_unique<Witnesses>(shim, std::move(events));
  TRY_ASSIGN(witnesses->door_,
             WitnessDoor::open(loop, path, witnesses->door_events()));
  return witnesses;
}

DoorEvents Witnesses::door_events() {
  DoorEvents events;
  events.refuse = [this](int number, const Peer& peer) {
    std::string why = why_none(peer);
    if (why.empty()) {
      visitors_[number].pid = peer.pid;
    }
    return why;
  };
  events.forged = [this](const std::string& what) { forged(what); };
  events.hello = [this](int number, const Hello& hello) {
    return greet(visitors_[number], hello);
  };
  events.started = [this](int number, const Started& started, Fd pidfd,
                          StartedFds fds) {
    Visitor& visitor = visitors_[number];
    look_for_tracer(visitor);
    visitor.child = started.pid;
    events_.started({started.pid, std::move(pidfd), std::move(fds),
                     visitor.program, started.exec_ns, visitor.held,
                     visitor.pid});
  };
  events.held = [this](int number) {
    bool asked = std::exchange(visitors_[number].held, false);
    if (asked) {
      events_.held();
    }
    return asked;
  };
  events.failed = [this](int number, const LaunchFailed& failed) {
    events_.failed(visitors_[number].program, failed);
  };
  events.ended = [this](int number, const Ended& ended) {
    take_ended(visitors_[number], ended);
  };
  events.announced = events_.announced;
  events.gone = [this](int number, bool told_all) {
    take_gone(visitors_[number], told_all);
  };
  return events;
}

WitnessOrders Witnesses::greet(Visitor& visitor, const Hello& hello) {
  visitor.program = std::filesystem::path(hello.program).filename().string();
  pids_.push_back(hello.pid);
  WitnessOrders orders = events_.orders(hello);
  visitor.held = orders.order.hold;
  return orders;
}

void Witnesses::take_ended(Visitor& visitor, const Ended& ended) {
  look_for_tracer(visitor);
  if (ended.stays > 0) {
    pids_.push_back(ended.stays);
  }
  events_.ended(visitor.child, ended);
}

// The test binary dies with its witness (PR_SET_PDEATHSIG): how it would have
// ended will never be known.
void Witnesses::take_gone(Visitor& visitor, bool told_all) {
  visitor.pid = 0;
  if (!told_all) {
    events_.lost(visitor.child);
    forged("the witness of " +
           (visitor.program.empty() ? "a test" : visitor.program) +
           " fell silent before it had told all: it was killed, or is not "
           "believed");
  }
}

bool Witnesses::is_witness_or_test(int pid) const {
  return events_.is_live_test(pid) ||
         std::any_of(
             visitors_.begin(), visitors_.end(),
             [pid](const auto& entry) { return entry.second.pid == pid; });
}

// Why this process is no witness; empty if it is one.
std::string Witnesses::why_none(const Peer& peer) const {
  LiveGo go = events_.go();
  auto parents = parents_below(go.pid, peer.pid);
  bool below_go = parents && !has_ended(go.pidfd);
  bool of_a_test =
      below_go && (is_witness_or_test(peer.pid) ||
                   std::any_of(parents->begin(), parents->end(), [&](int pid) {
                     return is_witness_or_test(pid);
                   }));
  bool shim = runs_file(peer.pid, shim_);
  std::string who = in_words(peer.pid);
  // Asked last: up to here it was this process that we looked at.
  if (has_ended(peer.pidfd.get())) {
    return "process " + std::to_string(peer.pid) +
           " connected to the witnesses' socket and was gone before faultrig "
           "could look at it";
  }
  std::string why = !shim       ? ": it is not the shim"
                    : !below_go ? ": go did not start it"
                    : of_a_test ? ": a test started it, or it spoke before"
                                : "";
  return why.empty() ? "" : who + " is no witness, and spoke to faultrig" + why;
}

// Whoever traces a witness can make it say anything. A user's own -exec program
// may (strace); what runs beside or below it may not.
void Witnesses::look_for_tracer(const Visitor& visitor) {
  int root = events_.root();
  int tracer = tracer_of(visitor.pid);
  if (tracer == 0 || !parents_below(root, tracer)) {
    return;
  }
  auto parents = parents_below(root, visitor.pid);
  bool above = parents && std::find(parents->begin(), parents->end(), tracer) !=
                              parents->end();
  if (!above) {
    forged(in_words(tracer) + " traces the witness of " + visitor.program);
  }
}

void Witnesses::look_at_door() {
  if (!door_->in_place()) {
    forged("the witnesses' socket was replaced");
  }
}

void Witnesses::forged(const std::string& what) {
  if (++forgeries_ <= kMostForgeries) {
    events_.doubt(what);
  }
}

}  // namespace faultrig
