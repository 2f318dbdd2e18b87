#include "harness/run/recorder.h"

#include <algorithm>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kMostCalls = 100'000;

bool is_per_call(Fact fact) {
  return fact == Fact::call_intercepted || fact == Fact::limit_hit;
}

}  // namespace

void Recorder::launch() { launched_ = Clock::now(); }

std::chrono::nanoseconds Recorder::now() const {
  return launched_ ? Clock::now() - *launched_ : std::chrono::nanoseconds(0);
}

void Recorder::add(Observation observation) {
  observation.at = now();
  bool bounded = is_per_call(observation.fact) ||
                 (observation.fact == Fact::fault_activated &&
                  observation.source == Source::seccomp);
  if (bounded && ++calls_ > kMostCalls) {
    ++untold_;
    return;
  }
  trace_.push_back(std::move(observation));
}

void Recorder::trouble(const std::string& what) {
  Observation observation;
  observation.fact = Fact::trouble;
  observation.text = what;
  add(observation);
}

bool Recorder::has(Fact fact, FaultId fault) const {
  return std::any_of(trace_.begin(), trace_.end(),
                     [&](const Observation& seen) {
                       return seen.fact == fact && seen.fault == fault;
                     });
}

std::vector<Observation> Recorder::take() {
  if (untold_ > 0) {
    Observation untold;
    untold.at = now();
    untold.source = Source::seccomp;
    untold.fact = Fact::calls_untold;
    untold.number = static_cast<std::int64_t>(untold_);
    trace_.push_back(untold);
  }
  return std::exchange(trace_, {});
}

}  // namespace faultrig
