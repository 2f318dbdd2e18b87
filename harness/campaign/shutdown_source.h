#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/shutdown_scenario.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"
#include "harness/sweep/sweep.h"

namespace faultrig {

// The runs of a shutdown map: the recording first, then a sweep over the
// instants that it has shown.
class ShutdownSource : public TaskSource {
 public:
  // Both must outlive it. Each stop that was tried goes to the sink.
  ShutdownSource(const ShutdownAsk& ask, Sink<StopOutcome>& sink);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;

  // What is known by now, concluded. `interrupted`: it was ended before all
  // was tried.
  ShutdownMap map(bool interrupted) const;
  // Set when this machine cannot run it.
  const std::optional<Error>& cannot() const { return cannot_; }

 private:
  void begin(Recording recording);
  const Instant& instant_of(const SweepPoint& point) const;
  Task task(const std::string& yaml, bool recording);
  void take_outcome(const SweepPoint& point, const Result<std::string>& answer);
  std::vector<MapPoint> points() const;

  const ShutdownAsk& ask_;
  Sink<StopOutcome>& sink_;
  bool asked_ = false;  // for the recording
  std::optional<Recording> golden_;
  std::vector<Instant> calls_;  // positions of line 1
  std::vector<Instant> lone_;   // positions of line 0
  std::optional<Sweep> sweep_;
  std::map<std::size_t, SweepPoint> given_;  // by task
  std::map<SweepPoint, std::vector<StopOutcome>> tried_;
  std::optional<Error> cannot_;
  std::size_t numbers_ = 0;
  std::size_t done_ = 0;
};

// Makes the run that an order asks for, in a scenario of that YAML.
Deed shutdown_deed();

}  // namespace faultrig
