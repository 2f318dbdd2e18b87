#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/inject/run.h"

namespace faultrig {

// A run that does nothing and remembers what was asked of it; its clock is
// ticked by hand.
class FakeGroup final : public GroupTools {
 public:
  std::vector<MemoryLimit> limits;
  std::vector<CountedCap> caps;
  bool lifted = false;
  bool frozen = false;
  bool stands = true;
  std::chrono::nanoseconds ran{7};

  std::vector<int> members() const override { return {}; }
  Result<> limit_memory(const MemoryLimit& limit) override {
    limits.push_back(limit);
    return Ok{};
  }
  Result<> lift_memory_limit() override {
    lifted = true;
    return Ok{};
  }
  Result<> set_cap(const CountedCap& cap) override {
    caps.push_back(cap);
    return Ok{};
  }
  Result<> lift_cap(Controller) override {
    lifted = true;
    return Ok{};
  }
  Result<> freeze(bool to) override {
    frozen = to;
    return Ok{};
  }
  Standing standing() const override { return {frozen && stands, ran}; }
};

class FakeRun final : public Run {
 public:
  explicit FakeRun(std::filesystem::path folder = "/nowhere")
      : folder_(std::move(folder)) {}

  int reached = 1;    // what send_signal gives
  std::string child;  // the one that there is
  std::vector<Observation> trace;
  std::vector<std::pair<std::string, int>> signals;
  std::vector<FaultId> activated;
  std::vector<FaultId> released;
  std::vector<FaultId> ended;
  FakeGroup tools;
  std::string exec_program;
  std::vector<ServiceStop> stops;

  std::size_t count(Fact fact) const {
    return static_cast<std::size_t>(
        std::count_if(trace.begin(), trace.end(),
                      [&](const auto& seen) { return seen.fact == fact; }));
  }

  void tick(std::chrono::nanoseconds time) {
    now_ += time;
    while (!timers_.empty() && timers_.begin()->first <= now_) {
      auto then = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      then();
    }
  }

  const std::filesystem::path& scratch() const override { return folder_; }
  std::chrono::nanoseconds now() const override { return now_; }
  void record(Observation observation) override {
    trace.push_back(std::move(observation));
  }
  std::vector<LiveProcess> processes(Link link) const override {
    return {{link, 1, -1}};
  }
  bool has_child(const std::string& program) const override {
    return program == child;
  }
  Result<int> send_signal(const std::string& to, int signal) override {
    signals.emplace_back(to, signal);
    return reached;
  }
  void expect_stop(const ServiceStop& stop) override { stops.push_back(stop); }
  GroupTools& group(Link) override { return tools; }
  void tell_release(FaultId fault, const std::string&) override {
    ended.push_back(fault);
  }
  void select_calls(FaultId fault, bool select) override {
    (select ? activated : released).push_back(fault);
  }
  void after(std::chrono::nanoseconds delay,
             std::function<void()> then) override {
    timers_.emplace(now_ + delay, std::move(then));
  }
  void use_exec_program(const std::filesystem::path& program) override {
    exec_program = program.string();
  }
  std::string witness_line() const override { return "WITNESS \"$@\""; }
  std::string announce_line(FaultId fault) const override {
    return "ANNOUNCE " + std::to_string(fault);
  }

 private:
  std::filesystem::path folder_;
  std::chrono::nanoseconds now_{0};
  std::multimap<std::chrono::nanoseconds, std::function<void()>> timers_;
};

}  // namespace faultrig
