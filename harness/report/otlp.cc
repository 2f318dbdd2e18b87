// Runs as OpenTelemetry traces, in the OTLP/JSON file format: a line for each
// scenario, one trace each; a span for the run, below it one for each of its
// processes, and events for all other facts. The spans that the workload itself
// has sent stand behind it as they came, each with its own trace and service.
// Ids are in hex, 64-bit numbers in decimal strings, keys in camelCase, as that
// format asks.
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/model/observation.h"
#include "harness/report/lifetime.h"
#include "harness/report/report.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

constexpr int kInternal = 1;  // SPAN_KIND_INTERNAL
constexpr int kUnset = 0;     // STATUS_CODE_UNSET
constexpr int kOk = 1;        // STATUS_CODE_OK
constexpr int kError = 2;     // STATUS_CODE_ERROR

Json attribute(std::string_view key, const std::string& value) {
  return {{"key", key}, {"value", {{"stringValue", valid_utf8(value)}}}};
}

Json attribute(std::string_view key, std::int64_t value) {
  return {{"key", key}, {"value", {{"intValue", std::to_string(value)}}}};
}

// The same run has the same ids, on any machine.
std::uint64_t number_of(const Judgement& judgement) {
  auto number = static_cast<std::uint64_t>(judgement.started.count());
  for (char byte : shown_name(judgement)) {
    number = mixed(number, static_cast<unsigned char>(byte));
  }
  return number;
}

// SPAN_KIND_...; 0: not said.
int kind_number(std::string_view kind) {
  constexpr std::array<std::string_view, 5> kKinds{
      "internal", "server", "client", "producer", "consumer"};
  const auto* found = std::find(kKinds.begin(), kKinds.end(), kind);
  return found == kKinds.end() ? 0
                               : static_cast<int>(found - kKinds.begin()) + 1;
}

class Spans {
 public:
  explicit Spans(const Judgement& judgement)
      : judgement_(judgement), number_(number_of(judgement)) {}

  Json all() {
    Json spans = Json::array();
    spans.push_back(run());
    for (const Lifetime& life : lifetimes_of(judgement_)) {
      spans.push_back(process(life));
    }
    return spans;
  }

  // What each service of the workload has told of itself.
  void add_told(Json& resources) const {
    if (judgement_.details == nullptr) {
      return;
    }
    std::map<std::string, Json> services;
    for (const SpanRow& row : judgement_.details->spans) {
      services.try_emplace(row.service, Json::array())
          .first->second.push_back(told(row));
    }
    for (auto& [name, spans] : services) {
      Json scope;
      scope["spans"] = std::move(spans);
      Json resource;
      resource["resource"]["attributes"] =
          Json::array({attribute("service.name", name)});
      resource["scopeSpans"] = Json::array({std::move(scope)});
      resources.push_back(std::move(resource));
    }
  }

 private:
  std::string time(nanoseconds at) const {
    return std::to_string((judgement_.started + at).count());
  }

  std::string span_id(std::uint64_t index) const {
    return fmt::format("{:016x}", mixed(number_, index + 2));
  }

  Json span(std::string_view name, std::uint64_t index, nanoseconds from,
            nanoseconds to) const {
    Json json;
    json["traceId"] =
        fmt::format("{:016x}{:016x}", mixed(number_, 0), mixed(number_, 1));
    json["spanId"] = span_id(index);
    if (index > 0) {
      json["parentSpanId"] = span_id(0);
    }
    json["name"] = valid_utf8(name);
    json["kind"] = kInternal;
    json["startTimeUnixNano"] = time(from);
    json["endTimeUnixNano"] = time(to);
    return json;
  }

  Json run() const {
    bool good = judgement_.verdict == Verdict::pass;
    bool red = is_red(judgement_);
    Json json =
        span(shown_name(judgement_), 0, nanoseconds(0), judgement_.took);
    std::string verdict(verdict_name(judgement_.verdict));
    json["attributes"] = {attribute("test.case.name", judgement_.scenario),
                          attribute("faultrig.verdict", verdict),
                          attribute("faultrig.file", judgement_.file)};
    // The convention has these two words alone.
    if (good || red) {
      json["attributes"].push_back(
          attribute("test.case.result.status", good ? "pass" : "fail"));
    }
    if (!judgement_.apart.excused.empty()) {
      json["attributes"].push_back(
          attribute("faultrig.excused", judgement_.apart.excused));
    }
    json["events"] = events();
    json["status"] = {{"code", good ? kOk : red ? kError : kUnset}};
    if (red && !judgement_.findings.empty()) {
      json["status"]["message"] =
          valid_utf8(judgement_.findings.front().because);
    }
    return json;
  }

  Json events() const {
    Json out = Json::array();
    if (judgement_.details == nullptr) {
      return out;
    }
    for (const TimelineRow& row : judgement_.details->rows) {
      if (!bounds_a_lifetime(row) && row.fact != fact_name(Fact::span)) {
        out.push_back({{"timeUnixNano", time(row.at)},
                       {"name", row.fact},
                       {"attributes", {attribute("text", row.text)}}});
      }
    }
    return out;
  }

  Json told(const SpanRow& row) const {
    Json json;
    json["traceId"] = row.trace;
    json["spanId"] = row.id;
    if (!row.parent.empty()) {
      json["parentSpanId"] = row.parent;
    }
    json["name"] = valid_utf8(row.name);
    json["kind"] = kind_number(row.kind);
    json["startTimeUnixNano"] = time(row.from);
    json["endTimeUnixNano"] = time(row.to);
    json["attributes"] = Json::array();
    if (row.pid > 0) {
      json["attributes"].push_back(attribute("process.pid", row.pid));
    }
    json["status"] = {{"code", row.status == "error" ? kError
                               : row.status == "ok"  ? kOk
                                                     : kUnset}};
    if (!row.message.empty()) {
      json["status"]["message"] = valid_utf8(row.message);
    }
    return json;
  }

  Json process(const Lifetime& life) {
    Json json = span(life.link, ++processes_, life.from, life.to);
    json["attributes"] = {attribute("process.pid", life.pid),
                          attribute("faultrig.end", life.end)};
    return json;
  }

  const Judgement& judgement_;
  std::uint64_t number_;
  std::uint64_t processes_ = 0;
};

std::string line_of(const Judgement& judgement) {
  Json scope;
  scope["scope"] = {{"name", "faultrig"}, {"version", FAULTRIG_VERSION}};
  Spans spans(judgement);
  scope["spans"] = spans.all();
  Json resource;
  resource["resource"]["attributes"] = {
      attribute("service.name", "faultrig"),
      attribute("service.version", FAULTRIG_VERSION)};
  resource["scopeSpans"] = Json::array({scope});
  Json json;
  json["resourceSpans"] = Json::array({resource});
  spans.add_told(json["resourceSpans"]);
  return for_json(json.dump(-1, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

class OtlpReport : public Report {
 public:
  explicit OtlpReport(const ReportStyle&) {}
  std::string result(const Judgement& judgement) override {
    return line_of(judgement);
  }
  std::string end(const RunEnd&) override { return ""; }
};

}  // namespace

ReportType otlp_report() {
  return detailed_type<OtlpReport>("otlp", ReportType::Place::live);
}

}  // namespace faultrig
