#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/shard.h"
#include "harness/model/verdict.h"
#include "harness/report/text.h"

namespace faultrig {

// What is known of a run beside its verdicts. Who runs it asks the clock and
// the machine.
struct ReportStyle {
  TextStyle text;
  std::uint64_t seed = 1;
  std::string started;  // RFC 3339, in UTC; empty: not known
  std::string host;     // its name; empty: not known
  Shard shard;          // of a run that is spread
  // How fewer than all were chosen, a line each; in the reports for programs
  // and people who see no terminal.
  std::vector<std::string> chosen;
  // Since the epoch, at the moment when it is asked.
  std::function<std::chrono::milliseconds()> now = [] {
    return std::chrono::milliseconds(0);
  };
  std::string token;  // that no workload can guess
};

// All that came of a run, so far as it came.
struct RunEnd {
  std::span<const Judgement> all;  // those that were not run too
  std::chrono::nanoseconds took{0};
  // Why some were not run that should have been: `interrupted by SIGTERM`.
  // Empty: none, or it was asked for.
  std::string cut_short;
};

// A report in one form, while results come in. Makes text, writes none. What
// its functions give, one after the other, is the report.
class Report {
 public:
  virtual ~Report() = default;
  // Before the first of so many results.
  virtual std::string start(std::size_t) { return ""; }
  // A scenario was begun; `repeat` as in Judgement.
  virtual std::string begun(const std::string&, int) { return ""; }
  // What can be told of a result at once; empty in a form that is told whole.
  virtual std::string result(const Judgement&) { return ""; }
  // The rest. Of `all`, result() was called for those that were run.
  virtual std::string end(const RunEnd& end) = 0;
  // Markdown for a page about the step of CI that this is; empty in a form
  // that has none.
  virtual std::string step_summary(const RunEnd&) const { return ""; }
};

struct ReportType {
  // How it shares a terminal with the text that people read.
  enum class Place {
    terminal,  // it is that text
    beside,    // it goes with it
    alone,     // it is a document of its own
    live       // alone, and its file grows while scenarios run
  };
  std::string_view name;  // as in `--report json`
  Place place = Place::alone;
  std::unique_ptr<Report> (*make)(const ReportStyle&) = nullptr;
  bool shows_details = false;  // needs Judgement::details
};

// The row of a report that is made of a style.
template <typename Made>
ReportType report_type(std::string_view name, ReportType::Place place) {
  return {name, place, [](const ReportStyle& style) -> std::unique_ptr<Report> {
            return std::make_unique<Made>(style);
          }};
}
// The same of one that needs the details of a run.
template <typename Made>
ReportType detailed_type(std::string_view name, ReportType::Place place) {
  ReportType type = report_type<Made>(name, place);
  type.shows_details = true;
  return type;
}

// All of reports.def; the first one is what there is unless asked.
const std::vector<ReportType>& report_types();
// Nothing if there is none of that name.
const ReportType* find_report(std::string_view name);
// `text, json or junit`; `mark` stands behind the first.
std::string report_names(std::string_view mark = "");

// The whole of a report at once.
std::string whole_report(const ReportType& type, const ReportStyle& style,
                         const RunEnd& end);

// What is told of a result in one line: the first finding that is as bad as
// the whole, else how it ended.
std::string headline(const Judgement& judgement);
// Where its author looks first: the line of that finding in the scenario, else
// 1.
int headline_line(const Judgement& judgement);
// `memory/killed_by_oom #3`; safe on one line.
std::string shown_name(const Judgement& judgement);
// `pass`, ..., or `not_run`.
std::string_view verdict_word(const Judgement& judgement);
// `interrupted by SIGTERM: 12 of 40 scenarios were not run`; empty for a run
// that is complete.
std::string cut_short_text(const RunEnd& end);

}  // namespace faultrig
