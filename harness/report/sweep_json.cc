// A sweep for programs, and what workers hand on of it. Texts of a program may
// hold anything: what is no UTF-8 is replaced.
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/report/json_texts.h"
#include "harness/report/sweep_report.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

// By CallOwner.
constexpr std::array<std::string_view, 4> kOwners{"program", "runtime", "other",
                                                  "unknown"};

Json frames_json(const std::vector<GoFrame>& frames) {
  Json json = Json::array();
  for (const GoFrame& frame : frames) {
    json.push_back({{"function", valid_utf8(frame.function)},
                    {"file", valid_utf8(frame.file)},
                    {"line", frame.line}});
  }
  return json;
}

std::vector<GoFrame> frames_from(const Json& json) {
  std::vector<GoFrame> frames;
  for (const Json& frame : json) {
    frames.push_back(
        {frame.at("function"), frame.at("file"), frame.at("line")});
  }
  return frames;
}

Json site_json(const CallSite& site) {
  return {{"site", site.id},
          {"call", site.call},
          {"entry", valid_utf8(site.entry)},
          {"in", frames_json(site.frames)},
          {"owner", kOwners.at(static_cast<std::size_t>(site.owner))},
          {"calls", site.calls},
          {"recordings", site.recordings},
          {"path", valid_utf8(site.path)}};
}

CallSite site_from(const Json& json) {
  CallSite site;
  site.id = json.at("site");
  site.call = json.at("call");
  site.entry = json.at("entry");
  site.frames = frames_from(json.at("in"));
  std::string owner = json.at("owner");
  site.owner = static_cast<CallOwner>(
      std::find(kOwners.begin(), kOwners.end(), owner) - kOwners.begin());
  site.calls = json.at("calls");
  site.recordings = json.at("recordings");
  site.path = json.at("path");
  return site;
}

Json point_json(const SiteSweep& sweep, const SitePoint& point) {
  const CallSite& site = sweep.sites[point.point.site];
  Json json{{"site", site.id},
            {"call", site.call},
            {"error", errno_name(point.point.error)},
            {"each", each_name(point.point.each)},
            {"in", frames_json(site.frames)}};
  bool placed = !site.frames.empty();
  json["file"] = placed ? Json(valid_utf8(site.frames[0].file)) : Json();
  json["line"] = placed ? Json(site.frames[0].line) : Json();
  json["outcome"] = outcome_name(point.outcome);
  json["times"] = Json::object();
  for (const auto& [outcome, times] : point.times) {
    json["times"][std::string(outcome_name(outcome))] = times;
  }
  json["because"] = valid_utf8(point.because);
  json["allowed"] =
      point.allowed.empty() ? Json() : Json(valid_utf8(point.allowed));
  json["scenario"] =
      point.scenario.empty() ? Json() : Json(valid_utf8(point.scenario));
  return json;
}

}  // namespace

std::string sweep_json(const SiteSweep& sweep) {
  Json json{{"of", valid_utf8(sweep.asked.what)}, {"points", Json::array()}};
  for (const SitePoint& point : sweep.points) {
    json["points"].push_back(point_json(sweep, point));
  }
  json["sites"] = Json::array();
  for (const CallSite& site : sweep.sites) {
    json["sites"].push_back(site_json(site));
  }
  json["golden"] = {{"calls", sweep.calls},
                    {"sites", sweep.sites.size()},
                    {"swept", sweep.swept},
                    {"took_ns", sweep.recording.count()},
                    {"trouble", valid_utf8(sweep.trouble)}};
  json["counts"] = Json::object();
  std::map<SiteOutcome, int> counts = sweep.counts();
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    auto outcome = static_cast<SiteOutcome>(i);
    json["counts"][std::string(outcome_name(outcome))] = counts[outcome];
  }
  json["counts"]["allowed"] = sweep.allowed_points();
  json["gone"] = Json::array();
  for (const AllowedFinding& known : sweep.allowed) {
    if (!known.met) {
      json["gone"].push_back({{"site", valid_utf8(known.site)},
                              {"outcome", outcome_name(known.outcome)}});
    }
  }
  json["not_tried"] = sweep.left;
  json["took_ns"] = sweep.took.count();
  json["verdict"] = sweep_verdict_name(sweep.verdict);
  json["because"] = valid_utf8(sweep.because);
  return json.dump(2) + "\n";
}

std::string site_run_line(const SiteRun& run) {
  Json json{{"end", static_cast<int>(run.end)},
            {"end_text", valid_utf8(run.end_text)},
            {"trouble", valid_utf8(run.trouble)},
            {"effects", run.effects},
            {"calls", run.calls},
            {"said", texts_json(run.said)},
            {"top", valid_utf8(run.top)},
            {"top_is_test", run.top_is_test},
            {"left", texts_json(run.left)},
            {"output", valid_utf8(run.output)},
            {"told", run.told},
            {"took", run.took.count()},
            {"sites", Json::array()}};
  for (const CallSite& site : run.sites) {
    json["sites"].push_back(site_json(site));
  }
  return json.dump();
}

Result<SiteRun> parse_site_run_line(const std::string& line) {
  try {
    Json json = Json::parse(line);
    SiteRun run;
    run.end = static_cast<SiteRun::End>(json.at("end").get<int>());
    run.end_text = json.at("end_text");
    run.trouble = json.at("trouble");
    run.effects = json.at("effects");
    run.calls = json.at("calls");
    run.said = json.at("said").get<std::vector<std::string>>();
    run.top = json.at("top");
    run.top_is_test = json.at("top_is_test");
    run.left = json.at("left").get<std::vector<std::string>>();
    run.output = json.at("output");
    run.told = json.at("told");
    run.took = std::chrono::nanoseconds(json.at("took").get<std::int64_t>());
    for (const Json& site : json.at("sites")) {
      run.sites.push_back(site_from(site));
    }
    return run;
  } catch (const Json::exception& wrong) {
    return internal_error(std::string("read what a worker saw: ") +
                          wrong.what());
  }
}

}  // namespace faultrig
