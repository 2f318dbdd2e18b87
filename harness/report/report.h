#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/verdict.h"
#include "harness/report/text.h"

namespace faultrig {

// A report in one form, while results come in. Makes text, writes none.
class Report {
 public:
  virtual ~Report() = default;
  // What can be told of a result at once; empty in a form that is told whole.
  virtual std::string result(const Judgement&) { return ""; }
  // The rest, when these are all, and took so long together.
  virtual std::string end(std::span<const Judgement> all,
                          std::chrono::nanoseconds took) = 0;
};

struct ReportStyle {
  TextStyle text;
  std::uint64_t seed = 1;
};

struct ReportType {
  std::string_view name;  // as in `--report json`
  std::unique_ptr<Report> (*make)(const ReportStyle&);
};

// All of reports.def; the first one is what there is unless asked.
const std::vector<ReportType>& report_types();
// Nothing if there is none of that name.
const ReportType* find_report(std::string_view name);
// `text, json or junit`; `mark` stands behind the first.
std::string report_names(std::string_view mark = "");

}  // namespace faultrig
