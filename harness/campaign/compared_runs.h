#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/site_scenario.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"
#include "harness/model/snapshot.h"

namespace faultrig {

// What is run to be compared, as scenarios in YAML.
struct ComparedYaml {
  std::string watched;  // all that a snapshot has is looked at
  std::string plain;    // for its time: nothing is
};
// Of a scenario (SweepTarget::base) it is its own observers that look, and
// nothing that it expects of a snapshot is asked.
Result<ComparedYaml> compared_yaml(const SweepTarget& target,
                                   std::chrono::nanoseconds deadline);

// A scenario without what it expects of snapshots, which may not be there yet.
Result<std::string> without_snapshots(const std::string& yaml);

// One run that is to be made.
struct ComparedOrder {
  std::size_t side = 0;
  bool watched = true;
  std::string yaml;
};

// What came of it.
struct ComparedRun {
  std::size_t side = 0;
  bool watched = true;
  std::optional<Snapshot> seen;      // of a watched one
  std::chrono::nanoseconds took{0};  // from the start of the workload's first
                                     // process to the end of its last
};

// Makes these runs, in their order; the first that cannot be made ends it.
class ComparedRuns : public TaskSource {
 public:
  // `progress` is told on one line what is being done.
  ComparedRuns(std::vector<ComparedOrder> orders,
               std::function<void(const std::string&)> progress)
      : orders_(std::move(orders)), progress_(std::move(progress)) {}

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override { again_.push_back(task); }
  std::size_t left() const override;

  // All of them; an error if one could not be made, or was not.
  Result<std::vector<ComparedRun>> runs() const;

 private:
  std::vector<ComparedOrder> orders_;
  std::function<void(const std::string&)> progress_;
  std::size_t next_ = 0;
  std::vector<Task> again_;
  std::vector<ComparedRun> runs_;
  std::optional<Error> trouble_;
};

// What its tasks ask of a worker.
Deed compared_deed();

// Of the watched runs of a side; none of them: no runs.
Snapshot snapshot_of_side(const std::vector<ComparedRun>& runs,
                          std::size_t side);
// How long its plain runs took.
std::vector<std::chrono::nanoseconds> times_of_side(
    const std::vector<ComparedRun>& runs, std::size_t side);

}  // namespace faultrig
