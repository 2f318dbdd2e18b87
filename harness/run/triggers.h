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

// Decides when faults become active. Each trigger fires once.
class Triggers {
 public:
  // `fire(fault, why)` is called from within the calls below, or a timer.
  using Fire = std::function<void(FaultId, const std::string& why)>;
  Triggers(Loop& loop, const std::vector<Fault>& faults, Fire fire);
  Triggers(const Triggers&) = delete;
  Triggers& operator=(const Triggers&) = delete;
  ~Triggers();

  // A process of this link has been started: `start` fires, `after` counts.
  void link_started(Link link);
  // A line of the workload's stdout or stderr. True: a trigger waited for it.
  // What a test merely prints begins no test, as far as `lines` can tell.
  bool line(std::string_view line, bool is_stdout, TestLines lines);
  // A trigger rule selected a call.
  void call_seen(FaultId fault, const std::string& why);
  // The service is ready.
  void ready();
  // So many of its requests are unanswered at once; were answered so far.
  void in_flight(std::int64_t count);
  void answered(std::int64_t count);
  // Looks which faults have taken effect that others wait for.
  void look_at_effects(const std::function<bool(FaultId)>& took_effect);

  // Those that have not fired and can fire no more, each once: `output`, is any
  // of it still open; `may_call`, can a process of this link still make a call.
  std::vector<LostTrigger> lost(bool output,
                                const std::function<bool(Link)>& may_call);

  bool all_fired() const { return fired_.size() == faults_.size(); }
  bool wants_lines() const { return !patterns_.empty() || !tests_.empty(); }

 private:
  struct Pattern;
  // The moment that a trigger names has come: it fires now, or after its delay.
  void moment(FaultId fault, const std::string& why);
  void reached(Trigger::When when, const char* key, std::int64_t count);
  void fire_once(FaultId fault, const std::string& why);
  bool waits_for_lost(FaultId fault) const;

  Loop& loop_;
  const std::vector<Fault>& faults_;
  Fire fire_;
  std::vector<std::unique_ptr<Pattern>> patterns_;
  std::map<FaultId, std::string> tests_;  // that are waited for
  std::set<FaultId> counting_;            // whose moment has come
  std::set<FaultId> fired_;
  std::set<FaultId> lost_;
};

}  // namespace faultrig
