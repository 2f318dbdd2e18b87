#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/inject/injector.h"
#include "harness/inject/run.h"
#include "harness/run/children.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/recoveries.h"
#include "harness/run/run_output.h"
#include "harness/run/run_processes.h"
#include "harness/run/triggers.h"

namespace faultrig {

// What the course of the faults asks of a run, and tells it.
struct CourseEvents {
  // As Triggers::Events::await_call.
  std::function<void(FaultId, bool ends)> await_call;
  // The fault of this name was released, as the last of its facts says.
  std::function<void(const std::string& fault)> released;
  // Can a process of this link still make a call that a rule sees?
  std::function<bool(Link)> may_call;
  // Is the run being ended, whatever is still to come?
  std::function<bool()> is_ending;
  // It cannot show any more what it is about: it is to end, and why.
  std::function<void(const std::string& why)> hopeless;
};

// The course of a run's faults: each waits for its trigger, and then for a
// process that it can reach; is in effect; is released, and what it had taken
// away comes back. Not after fork.
class FaultCourse {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    const Plan& plan;
    Loop& loop;
    Recorder& recorder;
    const RunProcesses& processes;
    const RunOutput& output;
  };
  // `reach`: what injectors may touch.
  FaultCourse(Tools tools, std::unique_ptr<Run> reach, CourseEvents events);
  FaultCourse(const FaultCourse&) = delete;
  FaultCourse& operator=(const FaultCourse&) = delete;
  ~FaultCourse() = default;

  // Makes the injectors.
  Result<> prepare();
  // Has them make what they need, before anything starts.
  Result<> install();
  // All are installed.
  void tell_installed();

  // A process of this link is its program, and at its first instruction.
  void link_ready(Link link);
  // Is one of these still to come into effect?
  bool awaits_any(const std::vector<FaultId>& faults) const;
  // A fault that ends by itself has ended.
  void tell_release(FaultId fault, const std::string& why);

  bool wants_lines() const {
    return triggers_.wants_lines() || recoveries_.want_lines();
  }
  // A line of the workload: who waited for it.
  RunOutput::Wanted line(const RunOutput::Line& line, TestLines lines);
  // Once a turn of the loop: what took effect since.
  void look();
  // As often: looks for triggers that can fire no more.
  void look_for_lost();

  // For those that see more of what happens than we do.
  Triggers& triggers() { return triggers_; }
  Recoveries& recoveries() { return recoveries_; }
  Children& children() { return children_; }

  // Before all is killed: what injectors can tell no more then.
  void last_look();
  // They let go.
  void disarm() noexcept;

 private:
  void fire(FaultId fault, const std::string& why);
  void arm(FaultId fault);
  void arm_waiting();
  void release(FaultId fault, const std::string& why);
  void tell_lost(const std::vector<LostTrigger>& lost);
  const Fault& fault_of(FaultId fault) const {
    return tools_.plan.scenario.faults[static_cast<std::size_t>(fault)];
  }
  Injector& injector_of(FaultId fault) const {
    return *injectors_[static_cast<std::size_t>(fault)];
  }

  Tools tools_;
  std::unique_ptr<Run> reach_;
  CourseEvents events_;
  std::vector<std::unique_ptr<Injector>> injectors_;  // by FaultId
  std::vector<FaultId> waiting_to_arm_;
  std::set<FaultId> armed_;
  Children children_;
  Triggers triggers_;
  Recoveries recoveries_;
};

}  // namespace faultrig
