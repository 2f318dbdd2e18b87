// A fault whose trigger has fired may still have to wait for somebody whom it
// can reach; and one that can come no more leaves its run nothing to wait for.
#include "harness/run/fault_course.h"

#include <algorithm>
#include <utility>

#include "harness/inject/registry.h"

namespace faultrig {

namespace {

// The output closes a moment before its last holder has ended.
constexpr std::chrono::milliseconds kMoment{250};

Observation about(Fact fact, FaultId fault, const std::string& text) {
  Observation out;
  out.fact = fact;
  out.source = Source::harness;
  out.fault = fault;
  out.text = text;
  return out;
}

}  // namespace

FaultCourse::FaultCourse(Tools tools, std::unique_ptr<Run> reach,
                         CourseEvents events)
    : tools_(tools),
      reach_(std::move(reach)),
      events_(std::move(events)),
      children_(tools_.plan.scenario.faults, tools_.loop, tools_.recorder,
                [this] { arm_waiting(); }),
      triggers_(tools_.loop, tools_.plan.scenario.faults,
                Triggers::Events{[this](FaultId fault, const std::string& why) {
                                   fire(fault, why);
                                 },
                                 [this](FaultId fault, bool ends) {
                                   events_.await_call(fault, ends);
                                 },
                                 [this](FaultId fault, const std::string& why) {
                                   release(fault, why);
                                 }}),
      recoveries_(tools_.plan.launch.recoveries, tools_.recorder) {}

Result<> FaultCourse::prepare() {
  const std::vector<Fault>& faults = tools_.plan.scenario.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    FaultSpec spec{static_cast<FaultId>(i), faults[i]};
    const InjectorType* type = find_injector(spec.fault.injector);
    TRY_ASSIGN(auto injector, type->make(spec));
    injectors_.push_back(std::move(injector));
  }
  return Ok{};
}

Result<> FaultCourse::install() {
  for (auto& injector : injectors_) {
    TRY(injector->install(*reach_));
  }
  return Ok{};
}

void FaultCourse::tell_installed() {
  const std::vector<Fault>& faults = tools_.plan.scenario.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    tools_.recorder.add(about(Fact::fault_installed, static_cast<FaultId>(i),
                              faults[i].injector));
  }
}

void FaultCourse::fire(FaultId fault, const std::string& why) {
  tools_.recorder.add(about(Fact::trigger_fired, fault, why));
  if (injector_of(fault).ready(*reach_)) {
    arm(fault);
  } else {
    waiting_to_arm_.push_back(fault);
  }
}

void FaultCourse::arm(FaultId fault) {
  armed_.insert(fault);
  auto armed = injector_of(fault).arm(*reach_);
  if (!armed) {
    tools_.recorder.trouble(fault_of(fault).name + ": " + armed.error().what);
  }
  triggers_.armed(fault);
}

// Behind the end of the workload nothing is left to be released.
void FaultCourse::release(FaultId fault, const std::string& why) {
  if (tools_.processes.over()) {
    return;
  }
  recoveries_.release_begins(tools_.output.written());
  auto released = injector_of(fault).release(*reach_);
  if (!released) {
    tools_.recorder.trouble(fault_of(fault).name +
                            ": cannot be released: " + released.error().what);
    return;
  }
  tell_release(fault, why);
}

void FaultCourse::tell_release(FaultId fault, const std::string& why) {
  tools_.recorder.add(about(Fact::fault_released, fault, why));
  recoveries_.released(fault, tools_.output.read());
  triggers_.released(fault);
  events_.released(fault_of(fault).name);
}

void FaultCourse::link_ready(Link link) {
  triggers_.link_started(link);
  arm_waiting();
}

void FaultCourse::arm_waiting() {
  for (FaultId fault : std::exchange(waiting_to_arm_, {})) {
    if (injector_of(fault).ready(*reach_)) {
      arm(fault);
    } else {
      waiting_to_arm_.push_back(fault);
    }
  }
}

bool FaultCourse::awaits_any(const std::vector<FaultId>& faults) const {
  return std::any_of(faults.begin(), faults.end(),
                     [this](FaultId fault) { return !armed_.contains(fault); });
}

RunOutput::Wanted FaultCourse::line(const RunOutput::Line& line,
                                    TestLines lines) {
  RunOutput::Wanted wanted;
  wanted.names = recoveries_.line(line.text, line.is_stdout, line.begin);
  bool waited = triggers_.line(line.text, line.is_stdout, lines);
  wanted.told = waited || !wanted.names.empty();
  return wanted;
}

void FaultCourse::look() {
  triggers_.look_at_effects(
      [this](FaultId fault) { return tools_.recorder.effects_of(fault); });
}

void FaultCourse::look_for_lost() {
  auto lost = triggers_.lost(tools_.output.is_open(), events_.may_call);
  if (!lost.empty() && !tools_.processes.over()) {
    tools_.loop.after(kMoment, [this, lost] { tell_lost(lost); });
  }
}

void FaultCourse::tell_lost(const std::vector<LostTrigger>& lost) {
  if (events_.is_ending() || tools_.processes.first_is_dead()) {
    return;
  }
  bool needed = false;
  for (const LostTrigger& one : lost) {
    tools_.recorder.add(
        about(one.ends ? Fact::release_lost : Fact::trigger_lost, one.fault,
              one.why));
    needed = needed || !fault_of(one.fault).optional;
  }
  if (needed) {
    events_.hopeless("no fault could come, or go");
  }
}

void FaultCourse::last_look() {
  for (auto& injector : injectors_) {
    injector->last_look();
  }
}

void FaultCourse::disarm() noexcept {
  for (auto& injector : injectors_) {
    injector->disarm();
  }
}

}  // namespace faultrig
