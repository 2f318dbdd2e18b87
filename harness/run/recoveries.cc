// Whether a program recovers shows only after its fault. What counts is the
// first sign that was made after the release: an answer to a request that was
// sent before, or a line printed before, shows nothing.
#include "harness/run/recoveries.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "harness/os/shim_processes.h"

namespace faultrig {

struct Recoveries::Wait {
  explicit Wait(const Recovery& recovery) : wanted(recovery) {
    if (!recovery.output.empty()) {
      pattern = std::make_unique<RE2>(recovery.output, RE2::Quiet);
    }
  }
  const Recovery& wanted;
  std::unique_ptr<RE2> pattern;
  FaultId fault = kNoFault;   // that was released last
  std::int64_t since_ns = 0;  // CLOCK_MONOTONIC; 0: nothing is waited for
  bool asked = false;         // has a request been due since then?
  Printed before;             // a line that began there is no sign
};

Recoveries::Recoveries(const std::vector<Recovery>& wanted, Recorder& recorder)
    : recorder_(recorder) {
  for (const Recovery& one : wanted) {
    waits_.push_back(std::make_unique<Wait>(one));
  }
}

Recoveries::~Recoveries() = default;

void Recoveries::released(FaultId fault, Printed read) {
  Printed before = std::exchange(begun_, std::nullopt).value_or(read);
  for (auto& wait : waits_) {
    const std::vector<FaultId>& faults = wait->wanted.faults;
    if (std::find(faults.begin(), faults.end(), fault) != faults.end()) {
      wait->fault = fault;
      wait->since_ns = monotonic_ns();
      wait->asked = false;
      wait->before = before;
    }
  }
}

bool Recoveries::want_lines() const {
  return std::any_of(waits_.begin(), waits_.end(),
                     [](const auto& wait) { return wait->pattern != nullptr; });
}

std::vector<std::string> Recoveries::line(std::string_view line, bool is_stdout,
                                          std::uint64_t begin) {
  std::vector<std::string> waited_for;
  for (auto& wait : waits_) {
    const Printed& before = wait->before;
    bool since = begin >= (is_stdout ? before.out : before.err);
    if (since && wait->since_ns > 0 && wait->pattern &&
        RE2::PartialMatch({line.data(), line.size()}, *wait->pattern)) {
      wait->since_ns = 0;
      waited_for.push_back(wait->wanted.output);
    }
  }
  return waited_for;
}

void Recoveries::request(const RequestRecord& record) {
  for (auto& wait : waits_) {
    const Recovery& wanted = wait->wanted;
    bool its = wanted.load.empty() || wanted.load == record.load;
    if (!wanted.requests || !its || wait->since_ns == 0 ||
        record.planned_ns < wait->since_ns) {
      continue;
    }
    Observation told;
    told.fault = wait->fault;
    told.stream = record.load;
    if (!std::exchange(wait->asked, true)) {
      told.fact = Fact::asked_again;
      told.at = recorder_.since_launch(record.planned_ns);
      recorder_.add(told);
    }
    if (record.end == RequestEnd::answered) {
      wait->since_ns = 0;
      told.fact = Fact::answered_again;
      told.number = record.last_byte_ns - record.planned_ns;
      told.at = recorder_.since_launch(record.last_byte_ns);
      recorder_.add(told);
    }
  }
}

bool Recoveries::awaited() const {
  return std::any_of(waits_.begin(), waits_.end(), [](const auto& wait) {
    return wait->since_ns > 0 || wait->wanted.by_call;
  });
}

std::chrono::nanoseconds Recoveries::longest() const {
  std::chrono::nanoseconds most{0};
  for (const auto& wait : waits_) {
    most = std::max(most, wait->wanted.within);
  }
  return most;
}

}  // namespace faultrig
