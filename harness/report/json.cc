#include "harness/report/json.h"

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

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
  json["findings"] = Json::array();
  for (const Finding& finding : judgement.findings) {
    json["findings"].push_back(finding_json(finding));
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
  return for_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace faultrig
