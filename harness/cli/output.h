#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/sink.h"
#include "harness/cli/command.h"
#include "harness/model/verdict.h"
#include "harness/report/report.h"

namespace faultrig {

// `--report FORMAT[:FILE]`; no file: stdout.
struct ReportTarget {
  std::string format;
  std::string file;
};

// Results as they come, and the reports at the end.
class Output : public Sink<Judgement> {
 public:
  // No target: the first of report_types(), on stdout. Colours of `style` are
  // for stdout alone.
  Output(std::vector<ReportTarget> targets, const ReportStyle& style,
         const Surroundings& surroundings);

  // To each report; a line, and a block when it did not pass, where it is text.
  void result(const Judgement& judgement) override;
  // What is being done, on one line that is redrawn; terminals only.
  void progress(const std::string& what) override;
  // The summary and the reports. Fails when a report cannot be written.
  Result<> finish(std::chrono::nanoseconds took);

  const std::vector<Judgement>& judgements() const { return judgements_; }

 private:
  struct Open {
    std::unique_ptr<Report> report;
    std::string file;  // empty: stdout
    std::string text;  // for the file
  };

  Result<> end(Open& open, std::chrono::nanoseconds took);
  void print_or_remember(const std::string& text);
  void clear_progress();

  std::vector<Open> reports_;
  std::vector<Judgement> judgements_;
  bool shows_progress_ = false;
  bool progress_drawn_ = false;
  int print_trouble_ = 0;  // errno of the first result that did not reach
                           // stdout
};

// May what is printed on stdout have colours?
bool wants_color(const Surroundings& surroundings);

// The exit code that results stand for (see language, Exit codes).
int exit_code_of(const std::vector<Judgement>& judgements);

}  // namespace faultrig
