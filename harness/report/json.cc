#include "harness/report/json.h"

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/report.h"
#include "harness/report/tally.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json finding_json(const Finding& finding) {
  Json json;
  json["verdict"] = verdict_name(finding.verdict);
  json["because"] = valid_utf8(finding.because);
  if (!finding.expected.empty()) {
    json["expected"] = valid_utf8(finding.expected);
  }
  if (!finding.cites.empty()) {
    json["cites"] = finding.cites;
  }
  return json;
}

Json end_json(const JudgedEnd& end) {
  Json json;
  json["link"] = end.link;
  if (!end.program.empty()) {
    json["program"] = valid_utf8(end.program);
  }
  json["how"] = end.how;
  if (!end.status.empty()) {
    json["status"] = end.status;
  }
  if (!end.our_signal.empty()) {
    json["stopped_by_us"] = end.our_signal;
  }
  return json;
}

Json judgement_json(const Judgement& judgement) {
  Json json;
  json["name"] = valid_utf8(judgement.scenario);
  json["file"] = valid_utf8(judgement.file);
  json["verdict"] = verdict_name(judgement.verdict);
  json["took_ns"] = judgement.took.count();
  json["observed"] = valid_utf8(judgement.observed);
  if (!judgement.asked) {
    json["asked"] = false;
  }
  if (judgement.repeat > 0) {
    json["repeat"] = judgement.repeat;
  }
  if (!judgement.evidence.empty()) {
    json["evidence"] = valid_utf8(judgement.evidence);
  }
  json["ends"] = Json::array();
  for (const JudgedEnd& end : judgement.ends) {
    json["ends"].push_back(end_json(end));
  }
  json["findings"] = Json::array();
  for (const Finding& finding : judgement.findings) {
    json["findings"].push_back(finding_json(finding));
  }
  return json;
}

Json tally_json(const Tally& tally) {
  Json json;
  json["name"] = valid_utf8(tally.scenario);
  json["of"] = tally.of;
  for (const Tally::Row& row : tally.rows) {
    json["ends"].push_back({{"times", row.times},
                            {"observed", valid_utf8(row.observed)},
                            {"verdict", verdict_name(row.verdict)}});
  }
  return json;
}

Json totals_json(const Totals& totals) {
  Json json;
  json["all"] = totals.all();
  for (Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::inconclusive,
                          Verdict::error, Verdict::skipped}) {
    json[std::string(verdict_name(verdict))] = totals.of(verdict);
  }
  return json;
}

class JsonReport : public Report {
 public:
  explicit JsonReport(std::uint64_t seed) : seed_(seed) {}
  std::string end(std::span<const Judgement> all,
                  std::chrono::nanoseconds) override {
    return json_text(seed_, all);
  }

 private:
  std::uint64_t seed_;
};

}  // namespace

std::string json_text(std::uint64_t seed,
                      std::span<const Judgement> judgements) {
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["seed"] = seed;
  json["totals"] = totals_json(totals_of(judgements));
  json["scenarios"] = Json::array();
  for (const Judgement& judgement : judgements) {
    json["scenarios"].push_back(judgement_json(judgement));
  }
  for (const Tally& tally : tallies_of(judgements)) {
    json["tally"].push_back(tally_json(tally));
  }
  return for_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

ReportType json_report() {
  return {"json", [](const ReportStyle& style) -> std::unique_ptr<Report> {
            return std::make_unique<JsonReport>(style.seed);
          }};
}

}  // namespace faultrig
