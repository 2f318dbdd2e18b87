// The text that people read, in the log of a GitLab job: what stands below the
// line of a result that did not pass is a section that can be closed. A section
// begins and ends with a line of its own, a carriage return and a control
// sequence that clears it, so that other logs show nothing of it.
#include <fmt/format.h>

#include "harness/report/report.h"

namespace faultrig {

namespace {

class GitlabReport : public Report {
 public:
  explicit GitlabReport(const ReportStyle& style)
      : style_(style), text_(report_types().front().make(style)) {}

  std::string result(const Judgement& judgement) override {
    std::string text = text_->result(judgement);
    std::size_t line = text.find('\n') + 1;
    if (line == text.size()) {
      return text;
    }
    std::string name = fmt::format("faultrig_{}", ++sections_);
    return mark("start", name) + text + mark("end", name) + "\n";
  }

  std::string end(const RunEnd& end) override { return text_->end(end); }

 private:
  std::string mark(std::string_view what, const std::string& name) const {
    auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(style_.now()).count();
    return fmt::format("section_{}:{}:{}\r\x1b[0K", what, seconds, name);
  }

  ReportStyle style_;
  std::unique_ptr<Report> text_;
  std::size_t sections_ = 0;
};

}  // namespace

ReportType gitlab_report() {
  return report_type<GitlabReport>("gitlab", ReportType::Place::terminal);
}

}  // namespace faultrig
