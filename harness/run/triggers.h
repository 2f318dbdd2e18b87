#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plan.h"
#include "harness/run/loop.h"
#include "harness/run/test_events.h"

namespace faultrig {

struct LostTrigger {
  FaultId fault = kNoFault;
  std::string why;
};

// Decides when faults become active. Each trigger fires once, when all its
// parts have come; what has come stays so. Only a call is waited for from the
// moment on at which the others have come.
class Triggers {
 public:
  // Called from within the calls below, or a timer.
  struct Events {
    std::function<void(FaultId, const std::string& why)> fire;
    // From now on the call counts that this fault waits for.
    std::function<void(FaultId)> await_call;
  };
  Triggers(Loop& loop, const std::vector<Fault>& faults, Events events);
  Triggers(const Triggers&) = delete;
  Triggers& operator=(const Triggers&) = delete;
  ~Triggers();

  // A process of this link has been started: `start` fires, `after` counts.
  void link_started(Link link);
  // A line of the workload's stdout or stderr. True: a trigger waited for it.
  // What a test merely prints begins no test, as far as `lines` can tell.
  bool line(std::string_view line, bool is_stdout, TestLines lines);
  // What a trigger rule waits for has come.
  void call_seen(FaultId fault, CallMoment moment);
  // The service is ready.
  void ready();
  // So many of its requests are unanswered at once; were answered so far.
  void in_flight(std::int64_t count);
  void answered(std::int64_t count);
  // Nothing more is asked of it, or answered.
  void load_over() { load_over_ = true; }
  // Looks which faults have taken effect that others wait for.
  void look_at_effects(const std::function<bool(FaultId)>& took_effect);

  // Those that have not fired and can fire no more, each once: `output`, is any
  // of it still open; `may_call`, can a process of this link still make a call.
  std::vector<LostTrigger> lost(bool output,
                                const std::function<bool(Link)>& may_call);

  // Has each fired, or been lost?
  bool all_settled() const { return settled_ == faults_.size(); }
  bool wants_lines() const { return !patterns_.empty() || !tests_.empty(); }

 private:
  struct Pattern;
  // What there is of one fault's trigger.
  struct Progress {
    std::set<Trigger::When> awaited;
    std::string why;
    bool counting = false;  // all has come, its delay passes
    bool fired = false;
    bool lost = false;
  };
  bool awaits(FaultId fault, Trigger::When part) const;
  void come(FaultId fault, Trigger::When part, const std::string& why);
  // All that a trigger names has come: it fires now, or after its delay.
  void moment(FaultId fault);
  void reached(Trigger::When part, const char* key, std::int64_t count);
  void fire_once(FaultId fault);
  bool waits_for_lost(FaultId fault) const;
  std::string why_lost(FaultId fault, Trigger::When part, bool output,
                       const std::function<bool(Link)>& may_call) const;
  const Fault& fault_of(FaultId fault) const {
    return faults_[static_cast<std::size_t>(fault)];
  }

  Loop& loop_;
  const std::vector<Fault>& faults_;
  Events events_;
  std::vector<std::unique_ptr<Pattern>> patterns_;
  std::map<FaultId, std::string> tests_;  // that are waited for
  std::vector<Progress> progress_;        // by FaultId
  std::size_t settled_ = 0;
  bool load_over_ = false;
};

}  // namespace faultrig
