// The report for programs: one document, indented, UTF-8, with a newline at the
// end; report_schema() says what may stand in it.
#include "harness/report/json.h"

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/json_texts.h"
#include "harness/report/judgement_json.h"
#include "harness/report/report.h"
#include "harness/report/tally.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json tally_json(const Tally& tally) {
  Json json;
  json["name"] = valid_utf8(tally.scenario);
  json["of"] = tally.of;
  for (const Tally::Row& row : tally.rows) {
    Json end{{"times", row.times},
             {"observed", valid_utf8(row.observed)},
             {"verdict", verdict_name(row.verdict)},
             {"first", row.first}};
    if (!row.evidence.empty()) {
      end["evidence"] = valid_utf8(row.evidence);
    }
    json["ends"].push_back(std::move(end));
  }
  json["flaky"] = tally.flaky();
  if (std::string first = tally.difference(); !first.empty()) {
    json["differs_first"] = valid_utf8(first);
  }
  return json;
}

class JsonReport : public Report {
 public:
  explicit JsonReport(const ReportStyle& style) : style_(style) {}

  std::string end(const RunEnd& end) override {
    Json json = head(end);
    json["totals"] = totals_json(totals_of(end.all));
    json["scenarios"] = Json::array();
    for (const Judgement& judgement : end.all) {
      json["scenarios"].push_back(judgement_json(judgement));
    }
    for (const Tally& tally : tallies_of(end.all)) {
      json["tally"].push_back(tally_json(tally));
    }
    return for_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) +
           "\n";
  }

 private:
  Json head(const RunEnd& end) const {
    Json json;
    json["faultrig"] = FAULTRIG_VERSION;
    json["format"] = kReportFormat;
    json["seed"] = style_.seed;
    if (!style_.started.empty()) {
      json["started"] = style_.started;
    }
    if (!style_.host.empty()) {
      json["host"] = valid_utf8(style_.host);
    }
    if (style_.shard.any()) {
      json["shard"] = {{"index", style_.shard.index},
                       {"of", style_.shard.of},
                       {"scenarios", style_.shard.scenarios},
                       {"set", style_.shard.set}};
    }
    if (!style_.chosen.empty()) {
      json["chosen"] = texts_json(style_.chosen);
    }
    json["took_ns"] = end.took.count();
    if (!end.cut_short.empty()) {
      json["cut_short"] = cut_short_text(end);
    }
    return json;
  }

  ReportStyle style_;
};

}  // namespace

nlohmann::ordered_json totals_json(const Totals& totals) {
  Json json;
  json["all"] = totals.all() + totals.not_run + totals.excused;
  for (Verdict verdict : {Verdict::pass, Verdict::fail, Verdict::inconclusive,
                          Verdict::error, Verdict::skipped}) {
    json[std::string(verdict_name(verdict))] = totals.of(verdict);
  }
  json["not_run"] = totals.not_run;
  json["excused"] = totals.excused;
  return json;
}

ReportType json_report() {
  return report_type<JsonReport>("json", ReportType::Place::alone);
}

}  // namespace faultrig
