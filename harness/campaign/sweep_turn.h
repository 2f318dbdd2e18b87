#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/floor_source.h"
#include "harness/campaign/shutdown_source.h"
#include "harness/campaign/site_source.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"
#include "harness/sweep/swept_points.h"

namespace faultrig {

// The runs of a scenario with a sweep, from its recordings to its verdict.
class SweepTurn : public TaskSource {
 public:
  // `number`: of the entry, among those that the deed knows. The entry and the
  // function must outlive it; that is told, on one line, what is being done.
  SweepTurn(const Entry& entry, std::size_t number,
            std::function<void(const std::string&)> progress);
  ~SweepTurn() override;
  SweepTurn(const SweepTurn&) = delete;
  SweepTurn& operator=(const SweepTurn&) = delete;

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;

  // Will it give nothing more, whatever is learned?
  bool ended() const;
  // What is known by now; a verdict on all once it has ended.
  Judgement judgement() const;
  // The same as it is told of that kind of sweep; null for others.
  const SiteSource* sites() const { return sites_.get(); }
  const ShutdownSource* stops() const { return stops_.get(); }
  const FloorSource* floors() const { return floors_.get(); }
  const SiteAsk& site_ask() const { return site_ask_; }
  // Why it cannot be run here; empty: it can.
  const std::optional<Error>& cannot() const { return cannot_; }

 private:
  template <typename Made>
  class Told;

  Result<> begin(std::function<void(const std::string&)> progress);
  SweptPoints swept() const;

  const Entry& entry_;
  std::size_t number_;
  std::optional<Error> cannot_;
  SiteAsk site_ask_;
  std::unique_ptr<Sink<SiteOutcome>> site_sink_;
  std::unique_ptr<SiteSource> sites_;
  std::unique_ptr<Sink<StopOutcome>> stop_sink_;
  std::unique_ptr<ShutdownSource> stops_;
  std::unique_ptr<FloorSource> floors_;
  TaskSource* source_ = nullptr;
  std::size_t given_ = 0;
  bool dry_ = false;  // it gave nothing when it was asked last
  std::chrono::steady_clock::time_point start_;
};

// Does the tasks of such turns about these entries, which must outlive it, and
// leaves all others to `others`.
Deed with_sweeps(const std::vector<Entry>& entries, Deed others);

}  // namespace faultrig
