#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plan.h"
#include "harness/run/loop.h"
#include "harness/run/test_events.h"

namespace re2 {
class RE2;
}

namespace faultrig {

struct LostTrigger {
  FaultId fault = kNoFault;
  bool ends = false;  // it waited for its `until`
  std::string why;
};

// Decides when faults become active, and when they are released. Each trigger
// fires once, when all its parts have come; what has come stays so. Only a call
// is waited for from the moment on at which the others have come. What releases
// a fault counts from armed() on.
class Triggers {
 public:
  // Called from within the calls below, or a timer.
  struct Events {
    std::function<void(FaultId, const std::string& why)> fire;
    // From now on the call counts that this fault waits for; `ends`: that its
    // release does.
    std::function<void(FaultId, bool ends)> await_call;
    std::function<void(FaultId, const std::string& why)> release;
  };
  Triggers(Loop& loop, const std::vector<Fault>& faults, Events events);
  Triggers(const Triggers&) = delete;
  Triggers& operator=(const Triggers&) = delete;
  ~Triggers();

  // A process of this link has been started: `start` fires, `after` counts.
  void link_started(Link link);
  // The fault is active.
  void armed(FaultId fault);
  // The fault was released, by its `until` or by itself.
  void released(FaultId fault);
  // A line of the workload's stdout or stderr. True: a trigger waited for it.
  // What a test merely prints begins no test, as far as `lines` can tell.
  bool line(std::string_view line, bool is_stdout, TestLines lines);
  // What this trigger rule waits for has come.
  void call_seen(const CallRule& rule);
  // The service is ready.
  void ready();
  // So many of its requests are unanswered at once; were answered so far.
  void in_flight(std::int64_t count);
  void answered(std::int64_t count);
  // Nothing more is asked of it, or answered.
  void load_over() { load_over_ = true; }
  // Looks how often faults have taken effect that others wait for, or their own
  // release.
  void look_at_effects(const std::function<std::int64_t(FaultId)>& effects);

  // Those that have not fired and can fire no more, each once: `output`, is any
  // of it still open; `may_call`, can a process of this link still make a call.
  std::vector<LostTrigger> lost(bool output,
                                const std::function<bool(Link)>& may_call);

  // Has each fired, or been lost, and has what ends by itself ended?
  bool all_settled() const;
  bool wants_lines() const { return wants_lines_; }

 private:
  using When = Trigger::When;
  // What there is of one trigger.
  struct Wait {
    FaultId fault = kNoFault;
    const Trigger* when = nullptr;
    bool ends = false;   // it is an `until`
    bool awake = false;  // what it waits for counts
    std::set<When> awaited;
    std::string why;
    std::unique_ptr<re2::RE2> pattern;  // of `output`
    std::int64_t accepted = 0;          // connections, since it is awake
    std::int64_t answered_before = 0;   // requests, when it woke
    std::uint64_t woke_at = 0;          // the line at which it woke
    bool counting = false;              // all has come, its delay passes
    bool fired = false;
    bool over = false;  // its fault has been released
    bool lost = false;
  };
  void add(FaultId fault, const Trigger& when, bool ends);
  static bool awaits(const Wait& wait, When part);
  void come(Wait& wait, When part, const std::string& why);
  void came_close(Wait& wait);
  // All that a trigger names has come: it fires now, or after its delay.
  void moment(Wait& wait);
  void reached(When part, std::int64_t count, const std::string& what);
  void fire_once(Wait& wait);
  bool waits_for_lost(const Wait& wait, const std::string& key) const;
  std::string why_lost(const Wait& wait, When part, bool output,
                       const std::function<bool(Link)>& may_call) const;
  const Fault& fault_of(FaultId fault) const {
    return faults_[static_cast<std::size_t>(fault)];
  }

  Loop& loop_;
  const std::vector<Fault>& faults_;
  Events events_;
  std::vector<Wait> waits_;  // those that begin faults by FaultId, then others
  bool wants_lines_ = false;
  bool load_over_ = false;
  std::int64_t answered_ = 0;  // requests so far
  std::uint64_t lines_ = 0;    // that were looked at, and is
};

}  // namespace faultrig
