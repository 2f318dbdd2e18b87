// One judgement as JSON, and back: for reports, and between processes. What a
// workload said may be anything: what is no UTF-8 is replaced.
#include "harness/report/judgement_json.h"

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/details_json.h"
#include "harness/report/json.h"
#include "harness/report/json_words.h"
#include "harness/report/report.h"

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
  if (finding.place.line > 0) {
    json["line"] = finding.place.line;
    json["column"] = finding.place.column;
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

Json hang_json(const JudgedHang& hang) {
  Json json{{"link", hang.link},
            {"count", hang.count},
            {"state", valid_utf8(hang.state)}};
  if (!hang.where.empty()) {
    json["where"] = valid_utf8(hang.where);
  }
  return json;
}

Json faults_json(const std::vector<JudgedFault>& faults) {
  Json json = Json::array();
  for (const JudgedFault& fault : faults) {
    json.push_back(
        {{"name", valid_utf8(fault.name)}, {"took_effect", fault.times}});
  }
  return json;
}

// What most have not is left out.
void add_rest(const Judgement& judgement, Json& json) {
  if (!judgement.asked) {
    json["asked"] = false;
  }
  if (judgement.repeat > 0) {
    json["repeat"] = judgement.repeat;
  }
  if (judgement.started.count() > 0) {
    json["started_ns"] = judgement.started.count();
  }
  if (!judgement.evidence.empty()) {
    json["evidence"] = valid_utf8(judgement.evidence);
  }
  if (!judgement.apart.not_run.empty()) {
    json["not_run"] = valid_utf8(judgement.apart.not_run);
  }
  if (!judgement.apart.excused.empty()) {
    json["excused"] = valid_utf8(judgement.apart.excused);
  }
  if (!judgement.printed.out.empty()) {
    json["stdout"] = valid_utf8(judgement.printed.out);
  }
  if (!judgement.printed.err.empty()) {
    json["stderr"] = valid_utf8(judgement.printed.err);
  }
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
  read_key(json, "line", out.place.line);
  read_key(json, "column", out.place.column);
  return out;
}

JudgedHang hang_from(const Json& json) {
  JudgedHang out{json.at("link").get<std::string>(),
                 json.at("count").get<std::int64_t>(),
                 json.at("state").get<std::string>(),
                 {}};
  read_key(json, "where", out.where);
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

}  // namespace

nlohmann::ordered_json judgement_json(const Judgement& judgement) {
  Json json;
  json["name"] = valid_utf8(judgement.scenario);
  json["file"] = valid_utf8(judgement.file);
  json["verdict"] = verdict_word(judgement);
  json["took_ns"] = judgement.took.count();
  json["observed"] = valid_utf8(judgement.observed);
  add_rest(judgement, json);
  json["faults"] = faults_json(judgement.faults);
  json["ends"] = Json::array();
  for (const JudgedEnd& end : judgement.ends) {
    json["ends"].push_back(end_json(end));
  }
  for (const JudgedHang& hang : judgement.printed.hanging) {
    json["hanging"].push_back(hang_json(hang));
  }
  json["findings"] = Json::array();
  for (const Finding& finding : judgement.findings) {
    json["findings"].push_back(finding_json(finding));
  }
  return json;
}

Judgement judgement_from(const nlohmann::ordered_json& json) {
  Judgement out;
  out.scenario = json.at("name").get<std::string>();
  out.file = json.at("file").get<std::string>();
  read_key(json, "not_run", out.apart.not_run);
  read_key(json, "excused", out.apart.excused);
  out.verdict =
      out.apart.not_run.empty() ? verdict_from(json) : Verdict::skipped;
  out.took = std::chrono::nanoseconds(json.at("took_ns").get<std::int64_t>());
  out.observed = json.at("observed").get<std::string>();
  read_key(json, "asked", out.asked);
  read_key(json, "repeat", out.repeat);
  std::int64_t started = 0;
  read_key(json, "started_ns", started);
  out.started = std::chrono::nanoseconds(started);
  if (json.contains("details")) {
    out.details =
        std::make_shared<const RunDetails>(details_from(json.at("details")));
  }
  read_key(json, "evidence", out.evidence);
  read_key(json, "stdout", out.printed.out);
  read_key(json, "stderr", out.printed.err);
  for (const Json& fault : json.value("faults", Json::array())) {
    out.faults.push_back({fault.at("name").get<std::string>(),
                          fault.at("took_effect").get<std::int64_t>()});
  }
  for (const Json& end : json.at("ends")) {
    out.ends.push_back(end_from(end));
  }
  for (const Json& hang : json.value("hanging", Json::array())) {
    out.printed.hanging.push_back(hang_from(hang));
  }
  for (const Json& finding : json.at("findings")) {
    out.findings.push_back(finding_from(finding));
  }
  return out;
}

std::string judgement_line(const Judgement& judgement) {
  Json json = judgement_json(judgement);
  if (judgement.details != nullptr) {
    json["details"] = details_json(*judgement.details);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Judgement> parse_judgement_line(const std::string& line) {
  try {
    return judgement_from(Json::parse(line));
  } catch (const Json::exception& wrong) {
    return internal_error("a judgement is malformed: " + why_not_read(wrong));
  }
}

}  // namespace faultrig
