#include "harness/report/kept_report.h"

#include <nlohmann/json.hpp>

#include "harness/report/json.h"
#include "harness/report/json_words.h"
#include "harness/report/judgement_json.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Shard shard_from(const Json& json) {
  return {json.at("index").get<int>(), json.at("of").get<int>(),
          json.at("scenarios").get<std::size_t>(),
          json.at("set").get<std::string>()};
}

KeptReport report_from(const Json& json, const std::string& file) {
  KeptReport out;
  out.file = file;
  out.faultrig = json.at("faultrig").get<std::string>();
  out.seed = json.at("seed").get<std::uint64_t>();
  out.started = json.value("started", "");
  out.took = std::chrono::nanoseconds(json.at("took_ns").get<std::int64_t>());
  out.cut_short = json.value("cut_short", "");
  if (json.contains("shard")) {
    out.shard = shard_from(json.at("shard"));
  }
  out.chosen = json.value("chosen", out.chosen);
  for (const Json& scenario :
       json.at("scenarios").get_ref<const Json::array_t&>()) {
    out.scenarios.push_back(judgement_from(scenario));
  }
  return out;
}

// Somebody may have cut the list, or a disk.
Result<> is_whole(const KeptReport& report, const Json& json) {
  return json.at("totals") == totals_json(totals_of(report.scenarios))
             ? Result<>(Ok{})
             : usage_error(report.file +
                           ": its totals are not those of its scenarios");
}

}  // namespace

Result<KeptReport> parse_report(const std::string& text,
                                const std::string& file) {
  try {
    Json json = Json::parse(text);
    int format = json.at("format").get<int>();
    if (format != kReportFormat) {
      return usage_error(file + " is a report of format " +
                         std::to_string(format) + ", this faultrig reads " +
                         std::to_string(kReportFormat));
    }
    KeptReport report = report_from(json, file);
    TRY(is_whole(report, json));
    return report;
  } catch (const Json::exception& wrong) {
    return usage_error(
        file + " is no report of --report json: " + why_not_read(wrong));
  }
}

}  // namespace faultrig
