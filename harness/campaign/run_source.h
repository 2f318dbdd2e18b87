#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/campaign/scenario_task.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/standing.h"
#include "harness/campaign/sweep_turn.h"
#include "harness/campaign/task_source.h"

namespace faultrig {

// The scenarios of `run`, each as often as is asked: golden runs first and once
// a golden_key(), then the entries that waited for them; of a sweep its parts.
class RunSource : public TaskSource {
 public:
  struct Options {
    int repeat = 0;           // 0: once, and not numbered
    bool stop_early = false;  // give nothing after the first that is no pass
    // Asked before each turn: why nothing more is begun; empty: go on.
    std::function<std::string()> stop = [] { return std::string(); };
    // NAME=value; secrets of it are masked in all that is told.
    std::vector<std::string> environment = {};
  };
  // Both must outlive it; what becomes of each turn goes to the sink.
  RunSource(const std::vector<Entry>& entries, const Options& options,
            Sink<Judgement>& sink);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;
  Standing standing() const;
  // Why it gave nothing more before its end; empty: it came to it.
  const std::string& stopped() const { return stopped_; }
  // A judgement for each turn that no result was told of.
  std::vector<Judgement> not_run(const std::string& why) const;

 private:
  struct Turn {
    std::size_t entry = 0;
    int repeat = 0;
  };
  // What is given: a task of a turn, or a part of its sweep.
  struct Step {
    ScenarioTask task;
    std::optional<Task> part = std::nullopt;
  };
  struct Given {
    Step step;
    Standing::Time since;
  };
  // A sweep that was begun, by entry and repeat.
  using SweepKey = std::pair<std::size_t, int>;
  enum class GoldenState { unknown, running, known };
  struct GoldenRun {
    GoldenState state = GoldenState::unknown;
    GoldenResult result;
  };

  bool goes_on();
  std::optional<Step> next_step();
  std::optional<Step> next_of(const Turn& turn);
  std::optional<Step> next_part(const Turn& turn);
  void end_sweep(const Turn& turn);
  void drop_turn(const Turn& turn);
  void part_done(const Given& given, const Result<std::string>& answer);
  void golden_done(const ScenarioTask& task, const ScenarioAnswer& answer);
  void finish(std::size_t entry, Judgement judgement);

  const std::vector<Entry>& entries_;
  // By entry, as it is told: a secret may stand in a name or a path.
  std::vector<ScenarioFile> shown_;
  bool stop_early_;
  std::function<std::string()> stop_;
  Sink<Judgement>& sink_;
  std::deque<Turn> turns_;
  std::vector<std::string>
      golden_keys_;  // by entry; empty: needs no golden run
  std::map<std::string, GoldenRun> golden_;
  std::map<std::size_t, Given> given_;  // by number
  std::size_t numbers_ = 0;
  std::map<SweepKey, std::unique_ptr<SweepTurn>> sweeps_;
  Standing so_far_{.started = std::chrono::steady_clock::now()};
  std::string stopped_;
};

}  // namespace faultrig
