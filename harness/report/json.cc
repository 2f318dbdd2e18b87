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

// A key that may be left out; then its value is the one of `out`.
template <typename Value>
void read_key(const Json& json, const char* key, Value& out) {
  if (json.contains(key)) {
    out = json.at(key).get<Value>();
  }
}

Verdict verdict_from(const Json& json) {
  return verdict_named(json.at("verdict").get<std::string>())
      .value_or(Verdict::error);
}

Finding finding_from(const Json& json) {
  Finding out;
  out.verdict = verdict_from(json);
  out.because = json.at("because").get<std::string>();
  read_key(json, "expected", out.expected);
  read_key(json, "cites", out.cites);
  return out;
}

JudgedEnd end_from(const Json& json) {
  JudgedEnd out;
  out.link = json.at("link").get<std::string>();
  out.how = json.at("how").get<std::string>();
  read_key(json, "program", out.program);
  read_key(json, "status", out.status);
  read_key(json, "stopped_by_us", out.our_signal);
  return out;
}

Judgement judgement_from(const Json& json) {
  Judgement out;
  out.scenario = json.at("name").get<std::string>();
  out.file = json.at("file").get<std::string>();
  out.verdict = verdict_from(json);
  out.took = std::chrono::nanoseconds(json.at("took_ns").get<std::int64_t>());
  out.observed = json.at("observed").get<std::string>();
  read_key(json, "asked", out.asked);
  read_key(json, "repeat", out.repeat);
  read_key(json, "evidence", out.evidence);
  for (const Json& end : json.at("ends")) {
    out.ends.push_back(end_from(end));
  }
  for (const Json& finding : json.at("findings")) {
    out.findings.push_back(finding_from(finding));
  }
  return out;
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

std::string judgement_line(const Judgement& judgement) {
  return judgement_json(judgement).dump(-1, ' ', false,
                                        Json::error_handler_t::replace);
}

Result<Judgement> parse_judgement_line(const std::string& line) {
  try {
    return judgement_from(Json::parse(line));
  } catch (const Json::exception& wrong) {
    return internal_error(std::string("a judgement is malformed: ") +
                          wrong.what());
  }
}

ReportType json_report() {
  return {"json", [](const ReportStyle& style) -> std::unique_ptr<Report> {
            return std::make_unique<JsonReport>(style.seed);
          }};
}

}  // namespace faultrig
