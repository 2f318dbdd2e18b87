#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/inject/injector.h"
#include "harness/model/evidence.h"
#include "harness/run/session.h"

namespace faultrig {

// How the golden run of a workload went.
struct GoldenResult {
  Golden golden = Golden::none;
  std::string trouble;  // when bad: what it did instead of exiting 0
};

// What is told of calls that are only watched: all that can be, or who led to
// them, which is quicker.
enum class CallDetail { full, brief };

// Executes a plan: one run with its faults. Everything that can go wrong with
// the machine while the workload lives is in the evidence as `trouble`; an
// error means that nothing was started, or that we were asked to stop.
Result<Evidence> run_plan(Session& session, const Plan& plan,
                          const GoldenResult& golden,
                          CallDetail detail = CallDetail::full);

// The same plan without its faults, shared by all with the same golden_key().
Result<GoldenResult> run_golden(Session& session, const Plan& plan);

}  // namespace faultrig
