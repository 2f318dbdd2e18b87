// Workflow commands of GitHub: a line `::error file=...::text` becomes an
// annotation. A runner shows ten errors and ten warnings of a step, so that is
// how many there are, and one line sums up the rest. A runner would also obey
// such lines of a workload, wherever they are shown in its log: between
// `::stop-commands::TOKEN` and `::TOKEN::` it obeys none.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/report/markdown.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostShown = 10;  // of a kind

// `property` escapes what would end a value in front of the text.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (char letter : for_terminal(text)) {
    bool special = letter == '%' || letter == '\r' || letter == '\n' ||
                   (property && (letter == ':' || letter == ','));
    if (special) {
      out += fmt::format("%{:02X}", letter);
    } else {
      out += letter;
    }
  }
  return out;
}

std::string annotation(std::string_view kind, const Judgement& judgement) {
  std::string title = shown_name(judgement) + " " +
                      std::string(verdict_name(judgement.verdict));
  return fmt::format(
      "::{} file={},line={},title={}::{}\n", kind,
      escaped(judgement.file, true), headline_line(judgement),
      escaped(title, true),
      escaped(headline(judgement) + "\nobserved: " + judgement.observed,
              false));
}

std::string annotations(std::span<const Judgement> all, std::string_view kind,
                        const std::vector<Verdict>& verdicts,
                        std::size_t& left) {
  std::string out;
  std::size_t shown = 0;
  for (Verdict verdict : verdicts) {
    for (const Judgement& judgement : all) {
      if (judgement.verdict != verdict || !judgement.apart.not_run.empty() ||
          !judgement.apart.excused.empty()) {
        continue;
      }
      if (shown == kMostShown) {
        ++left;
        continue;
      }
      out += annotation(kind, judgement);
      ++shown;
    }
  }
  return out;
}

class GithubReport : public Report {
 public:
  explicit GithubReport(const ReportStyle& style)
      : token_(style.token), chosen_(style.chosen) {}

  std::string start(std::size_t) override {
    return token_.empty() ? "" : "::stop-commands::" + token_ + "\n";
  }

  std::string end(const RunEnd& end) override {
    std::string out = token_.empty() ? "" : "::" + token_ + "::\n";
    std::size_t left = 0;
    out += annotations(end.all, "error", {Verdict::fail, Verdict::error}, left);
    out += annotations(end.all, "warning", {Verdict::inconclusive}, left);
    if (left > 0) {
      out += fmt::format(
          "::notice title=faultrig::{} more did not pass: the log and the "
          "summary have them\n",
          left);
    }
    std::string cut_short = cut_short_text(end);
    if (!cut_short.empty()) {
      out += "::notice title=faultrig::" + escaped(cut_short, false) + "\n";
    }
    return out;
  }

  std::string step_summary(const RunEnd& end) const override {
    return markdown_summary(end, chosen_);
  }

 private:
  std::string token_;
  std::vector<std::string> chosen_;
};

}  // namespace

ReportType github_report() {
  return report_type<GithubReport>("github", ReportType::Place::beside);
}

}  // namespace faultrig
