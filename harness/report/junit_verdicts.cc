#include <fmt/format.h>

#include "harness/report/junit.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

using Outcome = JunitCase::Outcome;

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

// The first finding that is as bad as the whole.
std::string message_of(const Judgement& judgement) {
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict == judgement.verdict && !finding.because.empty()) {
      return finding.because;
    }
  }
  return std::string(verdict_name(judgement.verdict)) + ": " +
         judgement.observed;
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
  one.outcome = outcome_of(judgement.verdict);
  if (one.outcome != Outcome::passed) {
    one.message = message_of(judgement);
    one.text = result_text(judgement, {});
  }
  return one;
}

class JunitReport : public Report {
 public:
  std::string end(std::span<const Judgement> all,
                  std::chrono::nanoseconds) override {
    return junit_text({suite_of(all)});
  }
};

}  // namespace

JunitSuite suite_of(std::span<const Judgement> judgements) {
  JunitSuite suite{"faultrig", {}};
  for (const Judgement& judgement : judgements) {
    suite.cases.push_back(case_of(judgement));
  }
  return suite;
}

ReportType junit_report() {
  return {"junit", [](const ReportStyle&) -> std::unique_ptr<Report> {
            return std::make_unique<JunitReport>();
          }};
}

}  // namespace faultrig
