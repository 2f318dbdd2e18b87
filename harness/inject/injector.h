#pragma once

#include <memory>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/model/schema.h"

namespace faultrig {

class Run;

// Makes one fault real. Lives as long as the run: prepare, install, arm,
// release, disarm, in that order.
class Injector {
 public:
  Injector() = default;
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;
  virtual ~Injector() = default;

  // At planning time: adds limits, rules, environment or another -exec
  // program to `launch`. Touches nothing else, so it is tested without
  // starting a process. Fails with a usage error on values that contradict
  // each other.
  virtual Result<> prepare(Launch& launch) const = 0;

  // Right before the launch, with the run's folder there: makes files, holds
  // descriptors. What it makes is below run.scratch().
  virtual Result<> install(Run&) { return Ok{}; }

  // Is there anything yet that arm() could reach? If not, arm() comes when the
  // next process has been started: output may be read before word of the
  // process that printed it.
  virtual bool ready(const Run&) const { return true; }

  // The trigger fired (for `start`: the link has been started): causes the
  // fault and records that it took effect, now or later. Never blocks.
  virtual Result<> arm(Run&) { return Ok{}; }

  // Can what it did be undone while the workload runs? A signal cannot.
  virtual bool can_release() const { return false; }
  // Its `until` has come, some time after arm(): undoes it. Never blocks.
  virtual Result<> release(Run&) { return Ok{}; }

  // The workload is about to be killed: what the fault is doing to it can be
  // told now, and not afterwards. Undoes nothing. Safe to call twice.
  virtual void last_look() noexcept {}

  // The workload has ended, or must. Lets go of what would outlive it. Safe to
  // call twice.
  virtual void disarm() noexcept {}
};

// Which fault an injector is to make real.
struct FaultSpec {
  FaultId id = kNoFault;
  Fault fault;
  bool from_start() const { return fault.when.when == Trigger::When::start; }
  // After so many effects alone it is released, before the next call; 0: by
  // something else, or never.
  std::int64_t most_effects() const {
    const std::optional<Trigger>& until = fault.until;
    bool alone = until && until->delay().count() == 0 &&
                 until->parts() == std::vector{Trigger::When::effects};
    return alone ? until->params.get<std::int64_t>("effects") : 0;
  }
};

// Everything the rest of the house knows about a kind of fault: its YAML, its
// help, its birth.
struct InjectorType {
  const Section* section;  // name, summary, fields
  std::string_view proof;  // one sentence: how activation is shown
  // Checks what the table of fields cannot; the error is a usage error.
  Result<std::unique_ptr<Injector>> (*make)(const FaultSpec&);
  // Can it do so to a child alone (Fault::child)?
  bool reaches_a_child = false;
};

}  // namespace faultrig
