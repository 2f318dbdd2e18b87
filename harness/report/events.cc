// What happens in a run, a line of JSON each, while it lives: for programs that
// watch. A line is written whole, so that of a faultrig that was killed all
// lines can be read, and only the last, run_ended, is missing.
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/json.h"
#include "harness/report/judgement_json.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

class EventsReport : public Report {
 public:
  explicit EventsReport(const ReportStyle& style) : style_(style) {}

  std::string start(std::size_t planned) override {
    Json json = event("run_started");
    json["faultrig"] = FAULTRIG_VERSION;
    json["format"] = kReportFormat;
    json["seed"] = style_.seed;
    json["scenarios"] = planned;
    return line(json);
  }

  std::string begun(const std::string& name, int repeat) override {
    Json json = event("scenario_started");
    json["name"] = valid_utf8(name);
    if (repeat > 0) {
      json["repeat"] = repeat;
    }
    return line(json);
  }

  std::string result(const Judgement& judgement) override {
    Json json = event("scenario_ended");
    json["scenario"] = judgement_json(judgement);
    return line(json);
  }

  std::string end(const RunEnd& end) override {
    std::string out;
    for (const Judgement& judgement : end.all) {
      out += judgement.apart.not_run.empty() ? "" : result(judgement);
    }
    Json json = event("run_ended");
    json["took_ns"] = end.took.count();
    if (!end.cut_short.empty()) {
      json["cut_short"] = cut_short_text(end);
    }
    json["totals"] = totals_json(totals_of(end.all));
    return out + line(json);
  }

 private:
  Json event(std::string_view name) const {
    Json json;
    json["event"] = name;
    json["at_ms"] = style_.now().count();
    return json;
  }

  static std::string line(const Json& json) {
    return for_json(json.dump(-1, ' ', false, Json::error_handler_t::replace)) +
           "\n";
  }

  ReportStyle style_;
};

}  // namespace

ReportType events_report() {
  return report_type<EventsReport>("events", ReportType::Place::live);
}

}  // namespace faultrig
