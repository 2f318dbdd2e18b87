#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/sink.h"
#include "harness/campaign/site_deed.h"
#include "harness/campaign/site_scenario.h"
#include "harness/campaign/task_source.h"
#include "harness/sweep/site_outcome.h"
#include "harness/sweep/sweep.h"

namespace faultrig {

// What is asked of a sweep of call sites.
struct SiteAsk {
  SweepTarget target;
  SweepAsked asked;
  std::vector<AllowedFinding> allowed;
  // For sh(1), after each run in its folders: exits 0 if all is there that was
  // acknowledged. Empty: nobody looks.
  std::string recover;
  // After so long nothing more is tried; none: all is.
  std::optional<std::chrono::nanoseconds> budget;
  // What a run may take at most; a recording always may.
  std::chrono::nanoseconds most = std::chrono::minutes(5);
};

// Does it ask for more than a sweep of what is there with all defaults?
bool asks_anything(const SiteAsk& ask);

// The runs of a sweep over call sites: some recordings first, then every point
// that they have shown, those that are not plain three times.
class SiteSource : public TaskSource {
 public:
  // Both must outlive it. Each outcome of a try goes to the sink.
  SiteSource(const SiteAsk& ask, Sink<SiteOutcome>& sink);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;

  // What is known by now, concluded.
  SiteSweep sweep() const;
  // What a trial may take.
  std::chrono::nanoseconds deadline() const;

 private:
  struct Given {
    std::optional<SweepPoint> point;  // none: a recording
    bool wide = false;
  };
  struct Try {
    SiteJudgement judgement;
    bool wide = false;
    std::vector<int> hit;
    std::vector<Finding> unmet;  // of what the scenario expects of each run
  };

  std::optional<Task> next_recording();
  std::optional<Task> task_of(RunKind kind, const Result<std::string>& yaml,
                              std::size_t faults);
  void begin();
  void take_recording(const SiteRun& run);
  void take_try(const Given& given, SiteAnswer answer);
  bool is_late() const;
  void add_try(const Try& one, SitePoint& out) const;
  SitePoint concluded(std::size_t point) const;

  const SiteAsk& ask_;
  Sink<SiteOutcome>& sink_;
  std::chrono::steady_clock::time_point start_;
  int recordings_asked_ = 0;
  std::vector<SiteRun> recordings_;
  std::string trouble_;
  std::vector<CallSite> sites_;
  std::vector<FaultPoint> points_;
  std::optional<Sweep> sweep_;
  std::map<std::size_t, Given> given_;  // by task
  std::map<SweepPoint, std::vector<Try>> tries_;
  std::size_t numbers_ = 0;
  std::size_t done_ = 0;
};

}  // namespace faultrig
