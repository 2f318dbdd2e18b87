// Who is heard as a witness. The workload runs as the same user, so no secret
// that `go` could hand down would be one: what go has, a test can read
// (/proc/PID/environ, pidfd_getfd(2)). What a test cannot change is descent. A
// witness is the shim and descends from this run's go, with neither another
// witness nor a test between: a child that a test gave to its own parent
// (CLONE_PARENT in clone(2)) has the witness there, an orphan has no go.
#include <algorithm>

#include "harness/os/shim_processes.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

// Whoever knocks for ever is told of so often.
constexpr int kMostForgeries = 20;

std::string in_words(int pid) {
  return "process " + std::to_string(pid) + " (" + command_of(pid) + ")";
}

}  // namespace

bool LiveRun::is_witness_or_test(int pid) const {
  bool witness =
      std::any_of(witnesses_.begin(), witnesses_.end(),
                  [pid](const auto& entry) { return entry.second == pid; });
  auto process = processes_.find(pid);
  return witness || (process != processes_.end() && !process->second.ended &&
                     process->second.link == Link::test);
}

// Why this process is no witness; empty if it is one.
std::string LiveRun::why_no_witness(const Peer& peer) const {
  const Process& go = processes_.at(first_pid_);
  auto parents = parents_below(go.pid, peer.pid);
  bool below_go = parents && !has_ended(go.pidfd.get());
  bool of_a_test =
      below_go && (is_witness_or_test(peer.pid) ||
                   std::any_of(parents->begin(), parents->end(), [&](int pid) {
                     return is_witness_or_test(pid);
                   }));
  bool shim = runs_file(peer.pid, session_.shim().string());
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
void LiveRun::look_for_tracer(int visitor) {
  int witness = witnesses_[visitor];
  int tracer = tracer_of(witness);
  if (tracer == 0 || !parents_below(root(), tracer)) {
    return;
  }
  auto parents = parents_below(root(), witness);
  bool above = parents && std::find(parents->begin(), parents->end(), tracer) !=
                              parents->end();
  if (!above) {
    forged(in_words(tracer) + " traces the witness of " +
           visiting_programs_[visitor]);
  }
}

void LiveRun::forged(const std::string& what) {
  if (++forgeries_ <= kMostForgeries) {
    lose(what);
  }
}

}  // namespace faultrig
