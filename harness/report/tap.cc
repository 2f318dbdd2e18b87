// TAP version 14: a line for each scenario and, below one that did not pass, a
// block of YAML. Its values are written as JSON, which is YAML too, so that no
// text of a workload can end the block. A name is escaped where `#` would begin
// a directive.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (char letter : for_one_line(text)) {
    out += letter == '#' || letter == '\\' ? "\\" : "";
    out += letter;
  }
  return out;
}

std::string quoted(const std::string& text) {
  nlohmann::json json = valid_utf8(text);
  return for_json(json.dump());
}

std::string block(const Judgement& judgement) {
  std::string out = "  ---\n";
  out += "  message: " + quoted(headline(judgement)) + "\n";
  out += "  severity: " + std::string(verdict_name(judgement.verdict)) + "\n";
  out += "  observed: " + quoted(judgement.observed) + "\n";
  out += fmt::format("  at: {{file: {}, line: {}}}\n", quoted(judgement.file),
                     headline_line(judgement));
  out += judgement.faults.empty() ? "" : "  faults:\n";
  for (const JudgedFault& fault : judgement.faults) {
    out += fmt::format("    - {{name: {}, took_effect: {}}}\n",
                       quoted(fault.name), fault.times);
  }
  return out + "  ...\n";
}

class TapReport : public Report {
 public:
  explicit TapReport(const ReportStyle& style) : chosen_(style.chosen) {}

  std::string start(std::size_t planned) override {
    std::string out = fmt::format("TAP version 14\n1..{}\n", planned);
    for (const std::string& line : chosen_) {
      out += "# " + for_one_line(line) + "\n";
    }
    return out;
  }

  std::string result(const Judgement& judgement) override {
    bool good = is_good(judgement.verdict);
    std::string out = fmt::format("{}ok {} - {}", good ? "" : "not ", ++number_,
                                  escaped(shown_name(judgement)));
    if (judgement.verdict == Verdict::skipped) {
      return out + " # SKIP " + escaped(headline(judgement)) + "\n";
    }
    if (!judgement.apart.excused.empty()) {
      out += " # TODO " + escaped(judgement.apart.excused);
    }
    return out + "\n" + (good ? "" : block(judgement));
  }

  std::string end(const RunEnd& end) override {
    std::string out;
    for (const Judgement& judgement : end.all) {
      out += judgement.apart.not_run.empty() ? "" : result(judgement);
    }
    std::string cut_short = cut_short_text(end);
    return cut_short.empty() ? out : out + "Bail out! " + cut_short + "\n";
  }

 private:
  std::vector<std::string> chosen_;
  std::size_t number_ = 0;
};

}  // namespace

ReportType tap_report() {
  return report_type<TapReport>("tap", ReportType::Place::alone);
}

}  // namespace faultrig
