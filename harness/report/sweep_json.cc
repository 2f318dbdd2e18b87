// A sweep for programs, and what workers hand on of it. Texts of a program may
// hold anything: what is no UTF-8 is replaced.
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/report/error_coverage.h"
#include "harness/report/json_texts.h"
#include "harness/report/json_words.h"
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

Json calls_json(const std::map<std::string, std::int64_t>& calls) {
  Json json = Json::object();
  for (const auto& [test, count] : calls) {
    json[valid_utf8(test)] = count;
  }
  return json;
}

Json site_json(const CallSite& site) {
  return {{"site", site.id},
          {"call", site.call},
          {"entry", valid_utf8(site.entry)},
          {"in", frames_json(site.frames)},
          {"owner", kOwners.at(static_cast<std::size_t>(site.owner))},
          {"calls", site.calls},
          {"recordings", site.recordings},
          {"path", valid_utf8(site.path)},
          {"tests", texts_json(site.tests)},
          {"calls_in", calls_json(site.calls_in)},
          {"is_peer", site.is_peer},
          {"first", site.first}};
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
  site.tests = json.at("tests").get<std::vector<std::string>>();
  site.calls_in =
      json.at("calls_in").get<std::map<std::string, std::int64_t>>();
  site.is_peer = json.at("is_peer");
  site.first = json.at("first");
  return site;
}

Json requests_json(const RequestTrouble& requests) {
  return {requests.all,
          requests.waiting,
          requests.broken,
          requests.wrong,
          requests.told,
          requests.status,
          valid_utf8(requests.unready)};
}

RequestTrouble requests_from(const Json& json) {
  return {json.at(0), json.at(1), json.at(2), json.at(3),
          json.at(4), json.at(5), json.at(6)};
}

Json point_json(const SiteSweep& sweep, const SitePoint& point) {
  const CallSite& site = sweep.sites[point.point.site];
  Json json{{"site", site.id},
            {"call", site.call},
            {"error", point.point.harm == Harm::error
                          ? Json(errno_name(point.point.error))
                          : Json()},
            {"fault", point.point.fault()},
            {"each", each_name(point.point.each)},
            {"when", site.is_peer ? Json(point.point.when) : Json()},
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
  json["tests"] = texts_json(point.tests);
  json["allowed"] =
      point.allowed.empty() ? Json() : Json(valid_utf8(point.allowed));
  json["scenario"] =
      point.scenario.empty() ? Json() : Json(valid_utf8(point.scenario));
  return json;
}

Json coverage_json(const SiteSweeps& all) {
  Json json = Json::array();
  for (const PackageCoverage& one : error_coverage(all.covering())) {
    json.push_back({{"package", valid_utf8(one.package)},
                    {"sites", one.sites},
                    {"failed", one.failed},
                    {"surfaced", one.surfaced},
                    {"handled", one.handled},
                    {"findings", one.findings}});
  }
  return json;
}

// Points and sites, each with what it is of.
void add_swept(const SiteSweep& sweep, Json& json) {
  std::string of = valid_utf8(sweep.asked.what);
  for (const SitePoint& point : sweep.points) {
    json["points"].push_back(point_json(sweep, point));
    json["points"].back()["of"] = of;
  }
  for (const CallSite& site : sweep.sites) {
    json["sites"].push_back(site_json(site));
    json["sites"].back()["of"] = of;
  }
}

Json golden_json(const SiteSweep& sweep) {
  return {{"calls", sweep.calls},
          {"sites", sweep.sites.size()},
          {"swept", sweep.swept},
          {"took_ns", sweep.recording.count()},
          {"trouble", valid_utf8(sweep.trouble)}};
}

// Their sums; the trouble is the first.
Json golden_json(const SiteSweeps& all) {
  Json json = golden_json(SiteSweep());
  for (const SiteSweep& sweep : all.sweeps) {
    Json one = golden_json(sweep);
    for (const char* key : {"calls", "sites", "swept", "took_ns"}) {
      json[key] = json[key].get<std::int64_t>() + one[key].get<std::int64_t>();
    }
    if (json["trouble"] == "") {
      json["trouble"] = one["trouble"];
    }
  }
  return json;
}

Json packages_json(const SiteSweeps& all) {
  Json json = Json::array();
  for (const SiteSweep& sweep : all.sweeps) {
    Json one{{"of", valid_utf8(sweep.asked.what)},
             {"points", sweep.points.size()},
             {"golden", golden_json(sweep)},
             {"not_tried", sweep.left},
             {"took_ns", sweep.took.count()},
             {"verdict", sweep_verdict_name(sweep.verdict)},
             {"because", valid_utf8(sweep.because)}};
    json.push_back(std::move(one));
  }
  return json;
}

Json counts_json(const SiteSweeps& all) {
  Json json = Json::object();
  std::map<SiteOutcome, int> counts = all.counts();
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    auto outcome = static_cast<SiteOutcome>(i);
    json[std::string(outcome_name(outcome))] = counts[outcome];
  }
  json["allowed"] = all.allowed_points();
  return json;
}

Json gone_json(const SiteSweeps& all) {
  Json json = Json::array();
  for (const AllowedFinding& known : all.gone()) {
    json.push_back({{"site", valid_utf8(known.site)},
                    {"outcome", outcome_name(known.outcome)}});
  }
  return json;
}

}  // namespace

std::string sweep_json(const SiteSweeps& all) {
  Json json{{"of", valid_utf8(all.what)},
            {"points", Json::array()},
            {"sites", Json::array()}};
  for (const SiteSweep& sweep : all.sweeps) {
    add_swept(sweep, json);
  }
  json["packages"] = packages_json(all);
  json["without_tests"] = texts_json(all.untested);
  json["not_begun"] = texts_json(all.not_begun);
  json["golden"] = golden_json(all);
  json["counts"] = counts_json(all);
  json["gone"] = gone_json(all);
  json["coverage"] = coverage_json(all);
  json["not_tried"] = all.left();
  json["took_ns"] = all.took.count();
  json["verdict"] = sweep_verdict_name(all.verdict);
  json["because"] = valid_utf8(all.because);
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
            {"hit", run.hit},
            {"calls_in", calls_json(run.tests.calls)},
            {"failing", Json::array()},
            {"hit_in", run.tests.hit},
            {"said_in", texts_json(run.tests.said_in)},
            {"lost", valid_utf8(run.lost)},
            {"requests", requests_json(run.tests.requests)},
            {"took", run.took.count()},
            {"sites", Json::array()}};
  for (const FailedTest& test : run.tests.failing) {
    json["failing"].push_back({valid_utf8(test.name), test.said});
  }
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
    run.hit = json.at("hit").get<std::vector<int>>();
    run.tests.calls =
        json.at("calls_in").get<std::map<std::string, std::int64_t>>();
    run.tests.hit = json.at("hit_in").get<std::set<std::string>>();
    run.tests.said_in = json.at("said_in").get<std::vector<std::string>>();
    for (const Json& test : json.at("failing")) {
      run.tests.failing.push_back({test.at(0), test.at(1)});
    }
    run.lost = json.at("lost");
    run.tests.requests = requests_from(json.at("requests"));
    run.took = std::chrono::nanoseconds(json.at("took").get<std::int64_t>());
    for (const Json& site : json.at("sites")) {
      run.sites.push_back(site_from(site));
    }
    return run;
  } catch (const Json::exception& wrong) {
    return internal_error("read what a worker saw: " + why_not_read(wrong));
  }
}

}  // namespace faultrig
