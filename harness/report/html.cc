// The report of runs as one page (page.h): all that workers gave of each.
#include <string>

#include <fmt/format.h>

#include "harness/report/json.h"
#include "harness/report/json_texts.h"
#include "harness/report/page.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

std::string data(const ReportStyle& style, const RunEnd& end) {
  std::string out =
      fmt::format(R"({{"faultrig":"{}","seed":{},"took_ns":{},"chosen":)",
                  FAULTRIG_VERSION, style.seed, end.took.count());
  out += texts_json(style.chosen).dump() + R"(,"scenarios":[)";
  for (std::size_t i = 0; i < end.all.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    out += judgement_line(end.all[i]);
  }
  return out + "\n]}";
}

class HtmlReport : public Report {
 public:
  explicit HtmlReport(const ReportStyle& style) : style_(style) {}

  std::string end(const RunEnd& end) override {
    return page_of({"runs.html",
                    "page.css",
                    {"dom.js", "ansi.js", "chain.js", "timeline.js",
                     "detail.js", "list.js"}},
                   data(style_, end));
  }

 private:
  ReportStyle style_;
};

}  // namespace

ReportType html_report() {
  return detailed_type<HtmlReport>("html", ReportType::Place::alone);
}

}  // namespace faultrig
