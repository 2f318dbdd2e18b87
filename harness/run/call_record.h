#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/plan.h"
#include "harness/os/file_names.h"
#include "harness/os/notify.h"
#include "harness/run/call_peers.h"
#include "harness/run/connect_fate.h"

namespace faultrig {

// An intercepted call, as the evidence tells of it.
struct SeenCall {
  Link link = Link::command;
  int pid = 0;
  std::string name;
  FileNames files = {};
  std::vector<FdKind> fds = {};  // of each descriptor that it works on
  GoStackPtr stack = {};
  std::string site = {};
  std::string asks = {};  // sent_signal(), flock_operation(), transport_of()
  PeerNames peers = {};
};

// What became of a call that a fault's rule was to act on.
enum class Deed {
  none,   // it ran as if nothing were there
  done,   // the rule did what it says
  later,  // it will be let run later
  gone,   // it never ran, and the rule did nothing: its caller had gone
};

// The call, told once. `rule` is the one that acted, if any.
Observation record_of(const SeenCall& call, const CallRule* rule, Deed deed);

// That faultrig refused it with ENOSYS, whatever the rules say.
Observation refusal_of(const SeenCall& call, const std::string& why);

// That with it the workload may take to answering calls itself, or would have
// if there were no faultrig; nothing of other calls.
std::optional<Observation> own_answers_of(const SeenCall& call,
                                          const Notification& waiting);

// That a lock stays which it was to let go of, and why.
Observation lock_kept(const SeenCall& call, const std::string& why);

// That `fault` may have been meant for it, and nobody can know.
Observation doubt_of(const SeenCall& call, FaultId fault);

// Adds to a record what a dependency's fault has answered.
void note_fate(const ConnectFate& fate, Observation& record);

// That it went to a dependency past `fault`, and why.
Observation passed_by(const SeenCall& call, FaultId fault,
                      const std::string& why);

// The proof that `rule` took effect on it.
Observation effect_on(const SeenCall& call, const CallRule& rule);

// The limit that it met, if that is what the rule is about.
std::optional<Observation> limit_met(const SeenCall& call,
                                     const CallRule& rule);

}  // namespace faultrig
