#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "harness/base/result.h"

namespace faultrig {

// One thing that a worker is asked to do.
struct Task {
  std::size_t number = 0;  // by which its source knows it again
  std::string order;       // for the worker, in words that its source chose
};

// Where the tasks of a campaign come from. A pool asks it and tells it, from
// one process; tasks may end in another order than they were given.
class TaskSource {
 public:
  virtual ~TaskSource() = default;
  // The next task that can be done now. Nothing: none is left, or those that
  // are left wait for what is still to be learned.
  virtual std::optional<Task> next() = 0;
  // What became of a task: the worker's answer, or why there is none. It may
  // decide what comes next. Once for each task that was not taken back.
  virtual void learned(const Task& task, const Result<std::string>& answer) = 0;
  // A worker ended before it came to this task: it is to be given again.
  virtual void take_back(const Task& task) = 0;
  // How many are still to be given, as far as it is known.
  virtual std::size_t left() const = 0;
};

}  // namespace faultrig
