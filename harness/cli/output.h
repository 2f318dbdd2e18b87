#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/sink.h"
#include "harness/campaign/standing.h"
#include "harness/cli/command.h"
#include "harness/cli/live_area.h"
#include "harness/cli/report_target.h"
#include "harness/model/verdict.h"
#include "harness/report/report.h"

namespace faultrig {

// Results as they come, and the reports at the end. A report with a file is
// replaced in one step: at the start by one that says that nothing was run, now
// and then by one of what was done, at last by the whole.
class Output : public Sink<Judgement> {
 public:
  // A judgement for each run that is still to come, told with that reason.
  using Rest = std::function<std::vector<Judgement>(const std::string& why)>;

  // Text on stdout goes with the targets unless one of them takes its place.
  // Colours of `style` are for stdout alone.
  Output(const std::vector<ReportTarget>& targets, const ReportStyle& style,
         const Surroundings& surroundings);

  // For what has no runs of its own.
  static Rest no_rest();

  // Before the first run. Fails when a report cannot be written.
  Result<> start(Rest rest);
  void begun(const std::string& scenario, int repeat) override;
  // To each report; a line, and a block when it did not pass, where it is text.
  void result(const Judgement& judgement) override;
  // Says how far it is, for a live area that tick() draws anew.
  void watch(std::function<Standing()> standing);
  void tick();
  // The summary and the reports. What was not run is told with `why`;
  // `cut_short` as in RunEnd. Fails when a report cannot be written.
  Result<> finish(std::chrono::nanoseconds took, const std::string& why = "",
                  const std::string& cut_short = "");

  const std::vector<Judgement>& judgements() const { return judgements_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Open {
    const ReportType* type = nullptr;
    ReportStyle style;
    std::string file;  // empty: stdout
    std::unique_ptr<Report> report;
    OpenFile live;  // of a file that grows
    bool whole() const { return !file.empty() && live == nullptr; }
  };

  std::vector<Judgement> all(const std::string& why) const;
  // What is written to, pages of CI too.
  std::vector<ReportTarget> places(const RunEnd& none) const;
  Result<> start(Open& open, const RunEnd& none);
  Result<> end(Open& open, const RunEnd& end);
  Result<> write_whole(const RunEnd& end);
  void save_now_and_then();
  void say(Open& open, const std::string& text);
  Judgement kept(const Judgement& judgement);
  // Above the area, where stdout shows it to nobody.
  void show_failure(const Judgement& judgement) const;

  std::vector<Open> reports_;
  std::vector<Judgement> judgements_;
  Rest rest_ = no_rest();
  std::string step_summary_;    // file of it; empty: none
  bool details_ = false;        // a report shows them
  std::set<std::string> ends_;  // of repetitions, by scenario
  LiveArea area_;
  bool tells_failures_ = false;  // on stderr
  std::function<Standing()> standing_;
  Result<> said_ = Ok{};  // what did not reach stdout, or a file that grows
  Clock::time_point started_ = Clock::now();
  Clock::time_point save_at_ = Clock::now();
};

// Does one of these reports show more of a run than its verdict?
bool wants_details(const std::vector<ReportTarget>& targets);

// May what is printed on stdout have colours?
bool wants_color(const Surroundings& surroundings);

// What a report tells of this run: when it began, and where.
ReportStyle style_of_now(const TextStyle& text, std::uint64_t seed);

// The exit code that results stand for (see language, Exit codes).
int exit_code_of(const std::vector<Judgement>& judgements);

}  // namespace faultrig
