#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "harness/campaign/scenario_task.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/task_source.h"

namespace faultrig {

// The scenarios of `run`, each as often as is asked: golden runs first and once
// a golden_key(), then the entries that waited for them.
class RunSource : public TaskSource {
 public:
  struct Options {
    int repeat = 0;           // 0: once, and not numbered
    bool stop_early = false;  // give nothing after the first that is no pass
  };
  // Both must outlive it; what becomes of each turn goes to the sink.
  RunSource(const std::vector<Entry>& entries, const Options& options,
            Sink<Judgement>& sink);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override { return turns_.size(); }

 private:
  struct Turn {
    std::size_t entry = 0;
    int repeat = 0;
  };
  enum class GoldenState { unknown, running, known };
  struct GoldenRun {
    GoldenState state = GoldenState::unknown;
    GoldenResult result;
  };

  std::optional<ScenarioTask> next_task();
  void show(const ScenarioTask& task);
  void golden_done(const ScenarioTask& task, const ScenarioAnswer& answer);
  void drop_turn(const ScenarioTask& task);
  void finish(const Judgement& judgement);

  const std::vector<Entry>& entries_;
  bool stop_early_;
  Sink<Judgement>& sink_;
  std::deque<Turn> turns_;
  std::vector<std::string>
      golden_keys_;  // by entry; empty: needs no golden run
  std::map<std::string, GoldenRun> golden_;
  std::map<std::size_t, ScenarioTask> given_;  // by number
  std::size_t numbers_ = 0;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  bool stopping_ = false;
};

}  // namespace faultrig
