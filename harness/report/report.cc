#include "harness/report/report.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

const Finding* deciding(const Judgement& judgement) {
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict == judgement.verdict && !finding.because.empty()) {
      return &finding;
    }
  }
  return nullptr;
}

}  // namespace

#define REPORT(name) ReportType name##_report();
#include "harness/report/reports.def"
#undef REPORT

const std::vector<ReportType>& report_types() {
  static const std::vector<ReportType> types{
#define REPORT(name) name##_report(),
#include "harness/report/reports.def"
#undef REPORT
  };
  return types;
}

const ReportType* find_report(std::string_view name) {
  for (const ReportType& type : report_types()) {
    if (type.name == name) {
      return &type;
    }
  }
  return nullptr;
}

std::string report_names(std::string_view mark) {
  std::string out;
  const std::vector<ReportType>& types = report_types();
  for (std::size_t i = 0; i < types.size(); ++i) {
    bool last = i + 1 == types.size();
    out += i == 0 ? "" : last ? " or " : ", ";
    out += types[i].name;
    out += i == 0 ? mark : "";
  }
  return out;
}

std::string whole_report(const ReportType& type, const ReportStyle& style,
                         const RunEnd& end) {
  std::unique_ptr<Report> report = type.make(style);
  std::string out = report->start(end.all.size());
  for (const Judgement& judgement : end.all) {
    out += judgement.apart.not_run.empty() ? report->result(judgement) : "";
  }
  return out + report->end(end);
}

std::string headline(const Judgement& judgement) {
  if (!judgement.apart.not_run.empty()) {
    return "not run: " + judgement.apart.not_run;
  }
  const Finding* finding = deciding(judgement);
  return finding != nullptr ? finding->because
                            : std::string(verdict_name(judgement.verdict)) +
                                  ": " + judgement.observed;
}

int headline_line(const Judgement& judgement) {
  const Finding* finding = deciding(judgement);
  return finding != nullptr && finding->place.line > 0 ? finding->place.line
                                                       : 1;
}

std::string shown_name(const Judgement& judgement) {
  std::string name = for_one_line(judgement.scenario);
  return judgement.repeat > 0 ? fmt::format("{} #{}", name, judgement.repeat)
                              : name;
}

std::string_view verdict_word(const Judgement& judgement) {
  return judgement.apart.not_run.empty() ? verdict_name(judgement.verdict)
                                         : "not_run";
}

std::string cut_short_text(const RunEnd& end) {
  if (end.cut_short.empty()) {
    return "";
  }
  std::size_t left = totals_of(end.all).not_run;
  return left == 0 ? end.cut_short
                   : fmt::format("{}: {} of {} scenarios were not run",
                                 end.cut_short, left, end.all.size());
}

}  // namespace faultrig
