#pragma once

#include <optional>
#include <string>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"
#include "harness/model/replayed.h"

namespace faultrig {

// A scenario of a candidate, planned. An error where it cannot be: it is none,
// or its fault is none of ours.
Result<Entry> replay_entry(const Replayed& replayed,
                           const ReplayCandidate& candidate);

// Has each candidate run so often, one after the other: does the failure come
// again? Notes that beside them.
class ReplaySource : public TaskSource {
 public:
  ReplaySource(Replayed& replayed, int times, Sink<ReplayTries>& sink)
      : replayed_(replayed), times_(times), sink_(sink) {}

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override { next_ = task.number; }
  std::size_t left() const override {
    return replayed_.candidates.size() - next_;
  }

 private:
  Replayed& replayed_;
  int times_;
  Sink<ReplayTries>& sink_;
  std::size_t next_ = 0;
};

// What its tasks ask of a worker.
Deed replay_deed();

}  // namespace faultrig
