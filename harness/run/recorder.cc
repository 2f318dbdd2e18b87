#include "harness/run/recorder.h"

#include <algorithm>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kMostCalls = 100'000;
constexpr std::size_t kMostEffects = 50'000;
constexpr std::size_t kSurelyTold = 1'000;  // effects of each fault
constexpr std::size_t kMostAlike = 10'000;  // sums; beyond, without the path

}  // namespace

void Recorder::launch() {
  launched_ = launched_ ? launched_ : std::optional(Clock::now());
}

std::chrono::nanoseconds Recorder::now() const {
  return launched_ ? Clock::now() - *launched_ : std::chrono::nanoseconds(0);
}

void Recorder::add(Observation observation) {
  if (observation.at == std::chrono::nanoseconds(0)) {
    observation.at = now();
  }
  if (observation.fact == Fact::fault_activated) {
    ++effects_seen_[observation.fault];
  }
  if (is_told(observation)) {
    if (hear_) {
      hear_(observation);
    }
    trace_.push_back(std::move(observation));
  } else {
    sum_up(observation);
  }
}

bool Recorder::is_told(const Observation& observation) {
  Fact fact = observation.fact;
  if (fact == Fact::call_intercepted && observation.fault == kNoFault) {
    return ++watched_ <= kMostCalls;
  }
  bool effect = fact == Fact::call_intercepted || fact == Fact::limit_hit ||
                fact == Fact::fault_activated;
  if (!effect || observation.source != Source::seccomp) {
    return true;
  }
  std::size_t all = ++effects_[fact];
  std::size_t own = ++effects_of_[{fact, observation.fault}];
  return own <= kSurelyTold || all <= kMostEffects;
}

void Recorder::sum_up(const Observation& observation) {
  if (observation.fact == Fact::fault_activated) {
    ++effects_untold_[observation.fault];
  }
  if (observation.fact != Fact::call_intercepted) {
    return;
  }
  Alike alike;
  alike.link = observation.link;
  alike.call = observation.call;
  alike.path = observation.path;
  alike.names = observation.names;
  alike.unread = observation.unread;
  alike.fd = observation.fd;
  alike.error = observation.error;
  alike.stack = observation.stack;
  alike.site = observation.site;
  alike.peers = observation.peers;
  if (untold_.size() >= kMostAlike && !untold_.contains(alike)) {
    alike.path.clear();
    alike.names.clear();
    alike.peers.reset();
    alike.any_path = true;
  }
  ++untold_[alike];
}

std::chrono::nanoseconds Recorder::since_launch(
    std::int64_t monotonic_ns) const {
  if (!launched_) {
    return std::chrono::nanoseconds(0);
  }
  // steady_clock is CLOCK_MONOTONIC; in a time namespace it is shifted.
  auto since = std::chrono::nanoseconds(monotonic_ns) -
               std::chrono::duration_cast<std::chrono::nanoseconds>(
                   launched_->time_since_epoch());
  return std::max(std::chrono::nanoseconds(1), std::min(since, now()));
}

void Recorder::date_kills(std::string_view link, std::chrono::nanoseconds end) {
  for (Observation& seen : trace_) {
    if (seen.source == Source::cgroup && seen.link == link && seen.at > end) {
      seen.at = end;
    }
  }
}

void Recorder::tell_end() {
  Observation ended;
  ended.fact = Fact::run_ended;
  ended.number = now().count();
  add(std::move(ended));
}

void Recorder::trouble(const std::string& what) {
  Observation observation;
  observation.fact = Fact::trouble;
  observation.text = what;
  add(observation);
}

void Recorder::lose(const std::string& why) {
  Observation lost;
  lost.source = Source::seccomp;
  lost.fact = Fact::supervision_lost;
  lost.text = why;
  add(lost);
}

std::int64_t Recorder::effects_of(FaultId fault) const {
  auto seen = effects_seen_.find(fault);
  return seen == effects_seen_.end() ? 0 : seen->second;
}

std::vector<Observation> Recorder::take() {
  Observation untold;
  untold.at = now();
  untold.source = Source::seccomp;
  for (const auto& [fault, times] : std::exchange(effects_untold_, {})) {
    Observation effects = untold;
    effects.fact = Fact::effects_untold;
    effects.fault = fault;
    effects.number = times;
    trace_.push_back(std::move(effects));
  }
  for (const auto& [alike, times] : std::exchange(untold_, {})) {
    Observation calls = untold;
    calls.fact = Fact::calls_untold;
    calls.number = times;
    calls.link = alike.link;
    calls.call = alike.call;
    calls.path = alike.path;
    calls.names = alike.names;
    calls.unread = alike.unread;
    calls.fd = alike.fd;
    calls.error = alike.error;
    calls.stack = alike.stack;
    calls.site = alike.site;
    calls.peers = alike.peers;
    calls.action = alike.any_path ? kAnyPath : "";
    trace_.push_back(std::move(calls));
  }
  return std::exchange(trace_, {});
}

}  // namespace faultrig
