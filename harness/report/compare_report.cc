// The number alone convinces nobody: what is new and what is gone stands below
// it by name.
#include "harness/report/compare_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kHead = 13;

std::string line(std::string_view head, const std::string& text) {
  return wrapped(padded(head, kHead), for_one_line(text), kHead);
}

std::string feature_line(std::string_view head, const Feature& one) {
  return fmt::format("{}{}\n", padded(head, kHead), for_one_line(one.text()));
}

std::string counts_of(const Compared& features) {
  std::size_t common = features.common.size();
  return fmt::format(
      "score {}: {} feature{} in all runs of both, {} new, {} "
      "gone",
      score_text(features.score()), common, common == 1 ? "" : "s",
      features.fresh.size(), features.gone.size());
}

std::string p_text(double p) {
  constexpr double kLeast = 0.0001;
  return p < kLeast ? "< 0.0001" : fmt::format("= {:.4f}", p);
}

std::string latency_line(const Latency& latency) {
  if (latency.verdict == Latency::Verdict::not_asked) {
    return "";
  }
  return line("latency",
              fmt::format("{}; {} and {}, the medians of {} runs a side in "
                          "turns; p {}",
                          latency.text(), format_elapsed(latency.first),
                          format_elapsed(latency.second), latency.times,
                          p_text(latency.p)));
}

Json feature_json(const Feature& one) {
  return {{"kind", feature_kind_name(one.kind)},
          {"what", one.what},
          {"site", one.site}};
}

Json features_json(const std::vector<Feature>& all) {
  Json out = Json::array();
  for (const Feature& one : all) {
    out.push_back(feature_json(one));
  }
  return out;
}

std::string latency_name(Latency::Verdict verdict) {
  using Verdict = Latency::Verdict;
  return verdict == Verdict::same     ? "same"
         : verdict == Verdict::slower ? "slower"
         : verdict == Verdict::faster ? "faster"
                                      : "cannot tell";
}

Json latency_json(const Latency& latency) {
  if (latency.verdict == Latency::Verdict::not_asked) {
    return nullptr;
  }
  return {{"verdict", latency_name(latency.verdict)},
          {"ratio", latency.ratio},
          {"low", latency.low},
          {"high", latency.high},
          {"p", latency.p},
          {"runs", latency.times},
          {"first_ns", latency.first.count()},
          {"second_ns", latency.second.count()}};
}

}  // namespace

std::string compare_text(const Comparison& comparison) {
  const Compared& features = comparison.features;
  std::string out =
      line(comparison_name(comparison.verdict()), counts_of(features));
  for (const Feature& one : features.fresh) {
    out += feature_line("new", one);
  }
  for (const Feature& one : features.gone) {
    out += feature_line("gone", one);
  }
  for (const auto& [kind, why] : features.unseen) {
    out += line("unseen", std::string(feature_kind_name(kind)) +
                              " is not compared: " + why);
  }
  out += latency_line(comparison.latency);
  for (const std::string& note : comparison.notes) {
    out += line("note", note);
  }
  return out;
}

std::string compare_json(const Comparison& comparison) {
  const Compared& features = comparison.features;
  Json compared = Json::array();
  for (FeatureKind kind : features.kinds) {
    compared.push_back(feature_kind_name(kind));
  }
  Json unseen = Json::object();
  for (const auto& [kind, why] : features.unseen) {
    unseen[std::string(feature_kind_name(kind))] = why;
  }
  Json out{{"first", comparison.first},
           {"second", comparison.second},
           {"verdict", comparison_name(comparison.verdict())},
           {"score", features.score() / 1000.0},
           {"common", features.common.size()},
           {"new", features_json(features.fresh)},
           {"gone", features_json(features.gone)},
           {"compared", std::move(compared)},
           {"not_compared", std::move(unseen)},
           {"latency", latency_json(comparison.latency)},
           {"notes", comparison.notes}};
  return for_json(out.dump(2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace faultrig
