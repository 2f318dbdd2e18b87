#include "harness/report/judgement_line.h"

#include <nlohmann/json.hpp>

namespace faultrig {

namespace {

using nlohmann::json;

json finding_json(const Finding& finding) {
  return {{"verdict", verdict_name(finding.verdict)},
          {"because", finding.because},
          {"cites", finding.cites},
          {"expected", finding.expected}};
}

Finding finding_from(const json& object) {
  Finding out;
  out.verdict = verdict_named(object.at("verdict").get<std::string>())
                    .value_or(Verdict::error);
  out.because = object.at("because").get<std::string>();
  out.cites = object.at("cites").get<std::vector<std::size_t>>();
  out.expected = object.at("expected").get<std::string>();
  return out;
}

json end_json(const JudgedEnd& end) {
  return {end.link, end.program, end.how, end.status, end.our_signal};
}

JudgedEnd end_from(const json& words) {
  auto word = [&](std::size_t index) {
    return words.at(index).get<std::string>();
  };
  return {word(0), word(1), word(2), word(3), word(4)};
}

}  // namespace

std::string judgement_line(const Judgement& judgement) {
  json findings = json::array();
  for (const Finding& finding : judgement.findings) {
    findings.push_back(finding_json(finding));
  }
  json ends = json::array();
  for (const JudgedEnd& end : judgement.ends) {
    ends.push_back(end_json(end));
  }
  json object{{"scenario", judgement.scenario},
              {"file", judgement.file},
              {"verdict", verdict_name(judgement.verdict)},
              {"findings", findings},
              {"observed", judgement.observed},
              {"asked", judgement.asked},
              {"ends", ends},
              {"took_ns", judgement.took.count()},
              {"evidence", judgement.evidence},
              {"repeat", judgement.repeat}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Judgement> parse_judgement_line(const std::string& line) {
  try {
    json object = json::parse(line);
    Judgement out;
    out.scenario = object.at("scenario").get<std::string>();
    out.file = object.at("file").get<std::string>();
    out.verdict = verdict_named(object.at("verdict").get<std::string>())
                      .value_or(Verdict::error);
    for (const json& finding : object.at("findings")) {
      out.findings.push_back(finding_from(finding));
    }
    out.observed = object.at("observed").get<std::string>();
    out.asked = object.at("asked").get<bool>();
    for (const json& end : object.at("ends")) {
      out.ends.push_back(end_from(end));
    }
    out.took =
        std::chrono::nanoseconds(object.at("took_ns").get<std::int64_t>());
    out.evidence = object.at("evidence").get<std::string>();
    out.repeat = object.at("repeat").get<int>();
    return out;
  } catch (const json::exception& wrong) {
    return internal_error(std::string("a judgement is malformed: ") +
                          wrong.what());
  }
}

}  // namespace faultrig
