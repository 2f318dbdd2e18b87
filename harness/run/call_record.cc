// What the evidence says of a call is what the call really got. What a rule
// selected and did not answer, because another one did or because the caller
// had gone, is a call like any other.
#include "harness/run/call_record.h"

#include <cerrno>

#include "harness/base/text.h"
#include "harness/model/leads_nowhere.h"
#include "harness/os/own_answers.h"

namespace faultrig {

namespace {

Observation about(const SeenCall& call, Fact fact) {
  Observation out;
  out.source = Source::seccomp;
  out.fact = fact;
  out.link = link_name(call.link);
  out.pid = call.pid;
  return out;
}

// `socket`; of two, `socket,file`.
std::string words_for(const std::vector<FdKind>& kinds) {
  if (kinds.size() == 1) {
    return std::string(fd_kind_name(kinds.front()));
  }
  std::string out;
  for (FdKind kind : kinds) {
    std::string_view name = fd_kind_name(kind);
    out += out.empty() ? "" : ",";
    out += name.empty() ? "other" : name;
  }
  return out;
}

std::string why_in_doubt(const SeenCall& call) {
  for (const std::string& unread : {call.files.unread, call.peers.unread}) {
    if (!unread.empty()) {
      return "faultrig could not " + unread;
    }
  }
  if (!call.stack->unknown.empty()) {
    return "who led to it is not known: " + call.stack->unknown;
  }
  return "which of several it is for is not known: " +
         join(call.peers.known.value_or(std::vector<std::string>()), ", ");
}

}  // namespace

Observation record_of(const SeenCall& call, const CallRule* rule, Deed deed) {
  Observation seen = about(call, Fact::call_intercepted);
  seen.call = call.name;
  seen.names = call.files.names;
  if (!seen.names.empty()) {
    seen.path = seen.names.front();
    seen.names.erase(seen.names.begin());
  }
  seen.unread = call.files.unread;
  seen.fd = words_for(call.fds);
  seen.stack = call.stack;
  seen.site = call.site;
  seen.peers = call.peers.known;
  bool acted = rule != nullptr && (deed == Deed::done || deed == Deed::later);
  seen.fault = acted ? rule->fault : kNoFault;
  seen.action = call_action_name(acted ? rule->action : CallAction::observe);
  if (acted && rule->action == CallAction::error) {
    seen.error = static_cast<int>(rule->number);
  }
  seen.text = deed == Deed::gone ? "it never ran" : call.asks;
  if (!acted && seen.text.empty() && !call.files.nowhere.empty()) {
    seen.text = std::string(kLeadsNowhere) + call.files.nowhere;
  }
  return seen;
}

Observation refusal_of(const SeenCall& call, const std::string& why) {
  Observation refused = about(call, Fact::call_refused);
  refused.call = call.name;
  refused.error = ENOSYS;
  refused.text = why;
  return refused;
}

std::optional<Observation> own_answers_of(const SeenCall& call,
                                          const Notification& waiting) {
  if (asks_for_listener(call.name, waiting.args)) {
    Observation busy =
        refusal_of(call, "a process has one listener, and it is faultrig's");
    busy.error = EBUSY;
    return busy;
  }
  std::string what = own_answer_of(call.name, waiting.args);
  if (what.empty()) {
    return std::nullopt;
  }
  Observation hides = about(call, Fact::calls_hidden);
  hides.call = call.name;
  hides.text = what;
  return hides;
}

Observation lock_kept(const SeenCall& call, const std::string& why) {
  Observation kept = about(call, Fact::trouble);
  kept.call = call.name;
  kept.text = "what " + call.name +
              " failed to let go of is held on, against our will: " + why;
  return kept;
}

Observation doubt_of(const SeenCall& call, FaultId fault) {
  return passed_by(call, fault, why_in_doubt(call));
}

void note_fate(const ConnectFate& fate, Observation& record) {
  if (fate.what == ConnectFate::What::refused) {
    record.fault = fate.fault;
    record.action = call_action_name(CallAction::error);
    record.error = ECONNREFUSED;
  }
}

Observation passed_by(const SeenCall& call, FaultId fault,
                      const std::string& why) {
  Observation doubt = about(call, Fact::path_unread);
  doubt.call = call.name;
  doubt.fault = fault;
  doubt.text = why;
  return doubt;
}

Observation effect_on(const SeenCall& call, const CallRule& rule) {
  Observation proof = about(call, Fact::fault_activated);
  proof.fault = rule.fault;
  bool alone = rule.action == CallAction::observe && !call.files.names.empty();
  proof.text = call.name +
               (alone ? " of " + call.files.names.front() : " " + rule.text());
  if (rule.watches_fd_limit()) {
    proof.text += ": no descriptor below RLIMIT_NOFILE was left for it";
  }
  return proof;
}

std::optional<Observation> limit_met(const SeenCall& call,
                                     const CallRule& rule) {
  if (!rule.watches_fd_limit()) {
    return std::nullopt;
  }
  Observation full = about(call, Fact::limit_hit);
  full.fault = rule.fault;
  full.call = call.name;
  full.text = "no descriptor below RLIMIT_NOFILE was left";
  return full;
}

}  // namespace faultrig
