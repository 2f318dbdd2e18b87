#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/asked_port.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/shutdown_deed.h"
#include "harness/campaign/shutdown_scenario.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/task_source.h"
#include "harness/model/verdict.h"
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
  // What was asked for, and what is asked of the service, once that is found
  // out.
  const ShutdownAsk& asked() const { return ask_; }
  // What the scenario expects of each run and did not come, of each point of
  // map().
  std::vector<std::vector<Finding>> unmet() const;

 private:
  struct Given {
    SweepPoint point;
    bool beside = false;  // another ran at the same time
  };
  void begin(Recording recording);
  bool record_in_place(const Recording& recording);
  bool one_at_a_time() const;
  std::size_t done() const;
  void end_where_none_can_start();
  void sweep();
  void take_asking(const Result<std::string>& answer);
  Instant instant_of(const SweepPoint& point) const;
  std::vector<SweepPoint> in_order() const;
  void keep_asked(Recording& recording) const;
  Instant instant_after(std::chrono::nanoseconds time) const;
  Task task(const std::string& yaml, ShutdownRun run, std::size_t told = 1);
  StopOutcome outcome_of(const SweepPoint& point,
                         const Result<JudgedRun>& judged) const;
  void take_outcome(const Given& given, const Result<std::string>& answer);
  std::vector<MapPoint> points() const;

  ShutdownAsk ask_;
  Sink<StopOutcome>& sink_;
  bool asked_ = false;  // for the recording
  struct Asking {
    std::string url;  // that may be answered, to be tried; empty: none
    AskedPort at;
    std::optional<std::size_t> task;  // that tries it
  };
  Asking asking_;
  std::optional<Recording> golden_;
  std::vector<Instant> calls_;  // positions of line 1
  std::vector<Instant> lone_;   // positions of line 0
  std::optional<Sweep> sweep_;
  std::map<std::size_t, Given> given_;  // by task
  std::string collided_;
  std::map<SweepPoint, std::vector<StopOutcome>> tried_;
  std::map<SweepPoint, std::vector<Finding>> unmet_;
  std::optional<Error> cannot_;
  std::size_t numbers_ = 0;
};

}  // namespace faultrig
