#include <set>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/report/junit.h"
#include "harness/report/report.h"
#include "harness/report/xml.h"

namespace faultrig {

namespace {

using Outcome = JunitCase::Outcome;

// Bytes of each stream in a case.
constexpr std::size_t kMostPrinted = std::size_t{4} << 10;

Outcome outcome_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Outcome::passed;
    case Verdict::fail:
      return Outcome::failed;
    case Verdict::skipped:
      return Outcome::skipped;
    default:
      return Outcome::error;
  }
}

// The end of what was printed, below a line that says where all of it is.
std::string end_of(const std::string& text, const std::string& evidence,
                   std::string_view stream) {
  if (text.empty()) {
    return "";
  }
  std::string where = evidence.empty()
                          ? "run with --evidence DIR to keep all of it"
                          : fmt::format("all of it: {}/{}", evidence, stream);
  std::size_t skip =
      text.size() > kMostPrinted ? text.size() - kMostPrinted : 0;
  return fmt::format("[the end of its {}; {}]\n{}", stream, where,
                     std::string_view(text).substr(skip));
}

JunitCase case_of(const Judgement& judgement) {
  JunitCase one;
  std::size_t slash = judgement.scenario.rfind('/');
  bool in_folder = slash != std::string::npos;
  one.classname = in_folder ? judgement.scenario.substr(0, slash) : "scenarios";
  one.name =
      in_folder ? judgement.scenario.substr(slash + 1) : judgement.scenario;
  if (judgement.repeat > 0) {
    one.name += fmt::format(" #{}", judgement.repeat);
  }
  one.time = judgement.took;
  const std::string& excused = judgement.apart.excused;
  one.outcome =
      excused.empty() ? outcome_of(judgement.verdict) : Outcome::skipped;
  one.file = judgement.file;
  one.line = headline_line(judgement);
  if (one.outcome != Outcome::passed) {
    one.message = (excused.empty() ? "" : excused + ": ") + headline(judgement);
    Judgement short_one = judgement;
    short_one.printed = {};
    one.text =
        judgement.apart.not_run.empty() ? result_text(short_one, {}) : "";
    one.out = end_of(judgement.printed.out, judgement.evidence, "stdout");
    one.err = end_of(judgement.printed.err, judgement.evidence, "stderr");
  }
  return one;
}

// Who reads this report alone must not take a run that was ended for a good
// one.
JunitCase cut_short_case(const std::string& why) {
  JunitCase one;
  one.classname = "faultrig";
  one.name = "ran to its end";
  one.outcome = Outcome::error;
  one.message = why;
  return one;
}

class JunitReport : public Report {
 public:
  explicit JunitReport(const ReportStyle& style) : style_(style) {}

  std::string end(const RunEnd& end) override {
    JunitSuite suite = suite_of(end.all);
    suite.timestamp = style_.started;
    suite.hostname = style_.host;
    suite.properties = {{"faultrig", FAULTRIG_VERSION},
                        {"seed", std::to_string(style_.seed)}};
    if (style_.shard.any()) {
      suite.properties.emplace_back(
          "shard", fmt::format("{}/{}", style_.shard.index, style_.shard.of));
    }
    if (!style_.chosen.empty()) {
      suite.properties.emplace_back("chosen", join(style_.chosen, "; "));
    }
    std::string cut_short = cut_short_text(end);
    if (!cut_short.empty()) {
      suite.cases.push_back(cut_short_case(cut_short));
    }
    return junit_text({suite});
  }

 private:
  ReportStyle style_;
};

}  // namespace

JunitSuite suite_of(std::span<const Judgement> judgements) {
  JunitSuite suite;
  suite.name = "faultrig";
  std::set<std::pair<std::string, std::string>> taken;
  for (const Judgement& judgement : judgements) {
    JunitCase one = case_of(judgement);
    std::string name = one.name;
    for (int again = 2;
         !taken.insert({for_xml(one.classname, true), for_xml(one.name, true)})
              .second;
         ++again) {
      one.name = fmt::format("{} ({})", name, again);
    }
    suite.cases.push_back(std::move(one));
  }
  return suite;
}

ReportType junit_report() {
  return report_type<JunitReport>("junit", ReportType::Place::alone);
}

}  // namespace faultrig
