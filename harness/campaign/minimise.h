#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"

namespace faultrig {

// What a scenario came down to.
struct Minimised {
  std::string yaml;      // the smallest that comes to the same, without secrets
  std::string comes_to;  // `fail: test exited 1`
  std::string strace;    // line for sh; empty: strace cannot say it
  int candidates = 0;    // that were tried
};

// Gives one worker one scenario to make smaller.
class MinimiseSource : public TaskSource {
 public:
  // `notes`: a file that may be written, in which the worker notes what it has.
  MinimiseSource(const Entry& entry, const std::filesystem::path& notes);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override { return given_ ? 0 : 1; }

  // What the worker has noted by now: the smallest that it has found, and how
  // many candidates it has tried. An error where that is nothing yet.
  Result<Minimised> so_far() const;
  // An error where it cannot be run here, or comes to something else each time.
  const Result<Minimised>& minimised() const { return minimised_; }

 private:
  std::string notes_;
  std::string order_;
  bool given_ = false;
  Result<Minimised> minimised_;
};

// Does so: every candidate is run up to three times, as the scenario was.
Deed minimise_deed();

}  // namespace faultrig
