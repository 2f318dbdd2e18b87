// The shutdown map for programs, and what workers hand on of it. Texts of a
// service may hold anything: what is no UTF-8 is replaced.
#include <array>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/model/verdict.h"
#include "harness/report/json_texts.h"
#include "harness/report/json_words.h"
#include "harness/report/shutdown_report.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

Json requests_json(const RequestCounts& counts) {
  Json json = Json::object();
  for (const RequestColumn& column : request_columns()) {
    json[std::string(column.name)] = counts.*column.count;
  }
  json["asked_before"] = counts.asked_before;
  json["in_flight"] = counts.in_flight;
  json["under_way"] = counts.under_way;
  json["unknown"] = counts.unknown;
  json["statuses_before"] = Json::object();
  for (const auto& [status, times] : counts.statuses) {
    json["statuses_before"][std::to_string(status)] = times;
  }
  return json;
}

RequestCounts requests_from(const Json& json) {
  RequestCounts out;
  for (const RequestColumn& column : request_columns()) {
    out.*column.count = json.at(std::string(column.name));
  }
  out.asked_before = json.at("asked_before");
  out.in_flight = json.at("in_flight");
  out.under_way = json.at("under_way");
  out.unknown = json.at("unknown");
  for (const auto& [status, times] : json.at("statuses_before").items()) {
    out.statuses[std::stoi(status)] = times;
  }
  return out;
}

Json instant_json(const Instant& instant) {
  Json json;
  json["instant"] = valid_utf8(instant.text());
  json["phase"] = phase_name(instant.phase);
  json["call"] = nullptr;
  json["nth"] = nullptr;
  if (instant.tie == Instant::Tie::call) {
    json["call"] = valid_utf8(instant.call);
    json["nth"] = instant.nth;
    json["counted"] = valid_utf8(instant.counted);
    json["path"] = valid_utf8(instant.path);
  }
  json["at_ns"] = instant.at.count();
  return json;
}

Json point_json(const MapPoint& point) {
  Json json = instant_json(point.instant);
  json["times"] = point.tries.size();
  json["outcomes"] = Json::object();
  for (const auto& [outcome, times] : point.outcomes()) {
    json["outcomes"][outcome] = times;
  }
  RequestCounts requests;
  Json left = Json::array();
  Json untold = Json::array();
  std::set<std::string> hanging;
  Json took = Json::array();
  for (const StopOutcome& one : point.tries) {
    requests.add(one.requests);
    hanging.insert(one.hanging.begin(), one.hanging.end());
    for (const auto* texts : {&one.left, &one.left_files}) {
      for (const std::string& text : *texts) {
        left.push_back(valid_utf8(text));
      }
    }
    if (one.is_told()) {
      took.push_back(one.took.count());
    } else {
      untold.push_back(
          {{"outcome", one.end_text()}, {"because", valid_utf8(one.why)}});
    }
  }
  json["requests"] = requests_json(requests);
  json["left"] = std::move(left);
  json["hanging"] = texts_json({hanging.begin(), hanging.end()});
  json["untold"] = std::move(untold);
  json["took_ns"] = std::move(took);
  return json;
}

void add_share(Json& json, const Share& share) {
  json["k"] = share.k;
  json["n"] = share.n;
  json["low"] = share.low;
  json["high"] = share.high;
}

Json window_json(const MapWindow& window) {
  Json json;
  json["phase"] = phase_name(window.phase);
  json["from"] = valid_utf8(window.from.text());
  json["to"] = valid_utf8(window.to.text());
  json["outcome"] = window.outcome;
  add_share(json, window.share);
  return json;
}

// By MapFinding::What.
constexpr std::array<std::string_view, 10> kKinds{
    "idle_stop", "idle_varies", "other_code",  "unhandled", "killed",
    "hung",      "lost",        "misanswered", "left",      "left_file"};

Json finding_json(const MapFinding& finding, const ShutdownMap& map) {
  const Instant& instant = map.points[finding.point].instant;
  Json json;
  json["what"] = valid_utf8(finding_text(finding, map));
  json["kind"] = kKinds.at(static_cast<std::size_t>(finding.what));
  json["outcome"] = valid_utf8(finding.outcome);
  json["where"] = valid_utf8(instant.text());
  json["scenario"] = nullptr;
  if (!finding.scenario.empty()) {
    json["scenario"] = valid_utf8(finding.scenario);
  }
  json["phase"] = phase_name(instant.phase);
  json["points"] = finding.points;
  add_share(json, finding.share);
  return json;
}

Json calls_json(const Recording& golden) {
  Json json = Json::array();
  for (const RecordedCall& call : golden.calls) {
    json.push_back({{"call", valid_utf8(call.name)},
                    {"path", valid_utf8(call.path)},
                    {"at_ns", call.at.count()}});
  }
  return json;
}

Json golden_json(const Recording& golden) {
  return {{"ready_ns", golden.ready.count()},
          {"how", valid_utf8(golden.how)},
          {"shown_by", valid_utf8(golden.shown_by)},
          {"port", golden.port},
          {"unasked", valid_utf8(golden.unasked)},
          {"network", golden.own_network ? "own" : "shared"},
          {"shared", texts_json(golden.shared)},
          {"left", texts_json(golden.left)},
          {"in_place", valid_utf8(golden.in_place)},
          {"unready", golden.unready},
          {"trouble", valid_utf8(golden.trouble)},
          {"calls", calls_json(golden)}};
}

// In the words of every other report.
Verdict verdict_of(const ShutdownMap& map) {
  return map.verdict == ShutdownMap::Verdict::clean ? Verdict::pass
         : map.verdict == ShutdownMap::Verdict::findings
             ? Verdict::fail
             : Verdict::inconclusive;
}

template <typename Made, typename Read>
Result<Made> read_line(const std::string& line, Read read) {
  try {
    return read(Json::parse(line));
  } catch (const Json::exception& failed) {
    return internal_error("a worker's line is malformed: " +
                          why_not_read(failed));
  }
}

}  // namespace

std::string shutdown_json(const ShutdownMap& map) {
  Json json;
  json["faultrig"] = FAULTRIG_VERSION;
  json["service"] = texts_json(map.asked.command);
  json["signal"] = map.asked.signal;
  json["faults"] = texts_json(map.asked.faults);
  json["graceful"] = graceful_name(map.asked.graceful);
  json["golden"] = golden_json(map.golden);
  json["points"] = Json::array();
  for (const MapPoint& point : map.points) {
    json["points"].push_back(point_json(point));
  }
  json["windows"] = Json::array();
  for (const MapWindow& window : map.windows) {
    json["windows"].push_back(window_json(window));
  }
  json["findings"] = Json::array();
  for (const MapFinding& finding : map.findings) {
    json["findings"].push_back(finding_json(finding, map));
  }
  json["verdict"] = verdict_name(verdict_of(map));
  json["because"] = valid_utf8(map.because);
  json["remarks"] = texts_json(map.remarks);
  json["interrupted"] = valid_utf8(map.interrupted);
  json["took_ns"] = map.took.count();
  return for_json(json.dump(2)) + "\n";
}

std::string stop_outcome_line(const StopOutcome& outcome) {
  Json json{{"end", static_cast<int>(outcome.end)},
            {"number", outcome.number},
            {"requests", requests_json(outcome.requests)},
            {"left", texts_json(outcome.left)},
            {"left_files", texts_json(outcome.left_files)},
            {"hanging", texts_json(outcome.hanging)},
            {"without", texts_json(outcome.without)},
            {"took", outcome.took.count()},
            {"listened", outcome.listened},
            {"by_itself", outcome.by_itself},
            {"unready", outcome.unready},
            {"why", valid_utf8(outcome.why)}};
  return json.dump();
}

Result<StopOutcome> parse_stop_outcome_line(const std::string& line) {
  return read_line<StopOutcome>(line, [](const Json& json) {
    StopOutcome out;
    out.end = static_cast<StopOutcome::End>(json.at("end").get<int>());
    out.number = json.at("number");
    out.requests = requests_from(json.at("requests"));
    out.left = json.at("left").get<std::vector<std::string>>();
    out.left_files = json.at("left_files").get<std::vector<std::string>>();
    out.hanging = json.at("hanging").get<std::vector<std::string>>();
    out.without = json.at("without").get<std::vector<std::string>>();
    out.took = nanoseconds(json.at("took").get<std::int64_t>());
    out.listened = json.at("listened");
    out.by_itself = json.at("by_itself");
    out.unready = json.at("unready");
    out.why = json.at("why");
    return out;
  });
}

std::string recording_line(const Recording& recording) {
  return golden_json(recording).dump();
}

Result<Recording> parse_recording_line(const std::string& line) {
  return read_line<Recording>(line, [](const Json& json) {
    Recording out;
    out.ready = nanoseconds(json.at("ready_ns").get<std::int64_t>());
    out.how = json.at("how");
    out.shown_by = json.at("shown_by");
    out.port = json.at("port");
    out.unasked = json.at("unasked");
    out.own_network = json.at("network") == "own";
    out.shared = json.at("shared").get<std::vector<std::string>>();
    out.left = json.at("left").get<std::vector<std::string>>();
    out.in_place = json.at("in_place");
    out.unready = json.at("unready");
    out.trouble = json.at("trouble");
    for (const Json& call : json.at("calls")) {
      out.calls.push_back({call.at("call"), call.at("path"),
                           nanoseconds(call.at("at_ns").get<std::int64_t>())});
    }
    return out;
  });
}

}  // namespace faultrig
