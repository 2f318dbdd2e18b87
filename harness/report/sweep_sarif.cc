// Findings of a sweep in SARIF 2.1.0, the form in which code scanning takes
// what is to be shown at a line of the source. An outcome is a rule; a result
// is one site, error and outcome. What a baseline allows is suppressed and not
// left out, so that it is not taken for mended.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/report/sweep_report.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

struct Rule {
  SiteOutcome outcome;
  std::string_view level;
  std::string_view text;
};

constexpr std::array<Rule, 8> kRules{
    {{SiteOutcome::lost, "error",
      "An error of the kernel loses what was acknowledged"},
     {SiteOutcome::swallowed, "warning",
      "An error of the kernel is swallowed: it passed, and nobody said a word"},
     {SiteOutcome::hung, "error", "An error of the kernel makes it hang"},
     {SiteOutcome::crashed, "error", "An error of the kernel makes it crash"},
     {SiteOutcome::exited, "warning",
      "An error of the kernel makes it exit without a verdict of a test"},
     {SiteOutcome::leaked, "warning",
      "An error of the kernel makes it leave processes behind"},
     {SiteOutcome::failed, "note",
      "It fails without a word of the error that the kernel gave"},
     {SiteOutcome::flaky, "note",
      "An error of the kernel has another end each time"}}};

const Rule* rule_of(SiteOutcome outcome) {
  for (const Rule& rule : kRules) {
    if (rule.outcome == outcome) {
      return &rule;
    }
  }
  return nullptr;
}

std::string rule_id(const Rule& rule) {
  return "faultrig/" + std::string(outcome_name(rule.outcome));
}

// RFC 3986: what is not unreserved is spelled in hex.
std::string uri_path(std::string_view path) {
  static constexpr std::string_view kMarks = "/-._~";
  std::string out;
  for (char letter : path) {
    bool plain =
        (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
        (letter >= '0' && letter <= '9') || kMarks.find(letter) != kMarks.npos;
    if (plain) {
      out += letter;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return out;
}

// Code scanning knows files by their paths in the repository.
std::string uri_of(std::string_view file, std::string_view root) {
  if (!file.starts_with('/')) {
    return uri_path(file);
  }
  bool below = file.size() > root.size() + 1 && file.starts_with(root) &&
               file[root.size()] == '/';
  return below ? uri_path(file.substr(root.size() + 1))
               : "file://" + uri_path(file);
}

Json location(const GoFrame& frame, std::string_view root) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(frame.file, root)}}},
            {"region", {{"startLine", std::max(frame.line, 1)}}}}},
          {"logicalLocations",
           Json::array({{{"fullyQualifiedName", valid_utf8(frame.function)},
                         {"kind", "function"}}})}};
}

std::string message(const CallSite& site, const SitePoint& point) {
  std::string out = fmt::format("{} ({}): {}", deed_at(site, point.point),
                                point.point.which(), point.because);
  return point.scenario.empty()
             ? out
             : out + "; faultrig run " + typed_word(point.scenario);
}

Json result_json(const SiteSweep& sweep, const SitePoint& point,
                 const Rule& rule, std::string_view root) {
  const CallSite& site = sweep.sites[point.point.site];
  Json json{{"ruleId", rule_id(rule)},
            {"level", rule.level},
            {"message", {{"text", for_one_line(message(site, point))}}},
            {"locations", Json::array()}};
  if (!site.frames.empty()) {
    json["locations"].push_back(location(site.frames.front(), root));
  }
  std::string where = site.id.empty() ? site.call : site.id;
  json["partialFingerprints"] = {
      {"faultrigSite/v1", fmt::format("{}/{}/{}", where, point.point.fault(),
                                      outcome_name(point.outcome))}};
  if (!point.allowed.empty()) {
    json["suppressions"] = Json::array(
        {{{"kind", "external"}, {"justification", valid_utf8(point.allowed)}}});
  }
  return json;
}

void add_results(const SiteSweep& sweep, std::string_view root,
                 std::set<std::string>& told, Json& results) {
  for (const SitePoint& point : sweep.points) {
    const Rule* rule = rule_of(point.outcome);
    if (rule == nullptr) {
      continue;
    }
    Json result = result_json(sweep, point, *rule, root);
    std::string print = result["partialFingerprints"]["faultrigSite/v1"];
    if (told.insert(print).second) {
      results.push_back(std::move(result));
    }
  }
}

Json rules_json() {
  Json json = Json::array();
  for (const Rule& rule : kRules) {
    json.push_back({{"id", rule_id(rule)},
                    {"shortDescription", {{"text", rule.text}}},
                    {"defaultConfiguration", {{"level", rule.level}}}});
  }
  return json;
}

}  // namespace

std::string sweep_sarif(const SiteSweeps& all, std::string_view root) {
  Json results = Json::array();
  // Once and from then on are one result, and so is what two packages' tests
  // have shown of a third.
  std::set<std::string> told;
  for (const SiteSweep& sweep : all.sweeps) {
    add_results(sweep, root, told, results);
  }
  bool whole = all.verdict != SiteSweep::Verdict::could_not_tell &&
               all.left() == 0 && all.not_begun.empty();
  Json run{{"tool",
            {{"driver",
              {{"name", "faultrig"},
               {"version", FAULTRIG_VERSION},
               {"rules", rules_json()}}}}},
           {"invocations", Json::array({{{"executionSuccessful", whole}}})},
           {"results", std::move(results)}};
  Json json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
  return for_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace faultrig
