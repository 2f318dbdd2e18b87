#include "harness/model/site_sweep.h"

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

constexpr std::array<std::string_view, kSiteOutcomes> kOutcomes{
    "surfaced", "failed", "handled", "swallowed", "crashed", "runtime",
    "exited",   "hung",   "leaked",  "flaky",     "never",   "unknown"};
constexpr std::array<std::string_view, 2> kEach{"once", "from_then_on"};

}  // namespace

std::string CallSite::place() const {
  if (id.empty()) {
    return "anywhere in the program";
  }
  GoStack stack;
  stack.frames = frames;
  std::string text = stack_text(stack);
  return text.empty() ? entry : text;
}

std::string_view each_name(Each each) {
  return kEach.at(static_cast<std::size_t>(each));
}

std::optional<Each> each_named(std::string_view name) {
  auto found = std::find(kEach.begin(), kEach.end(), name);
  return found == kEach.end()
             ? std::nullopt
             : std::optional(static_cast<Each>(found - kEach.begin()));
}

std::string_view outcome_name(SiteOutcome outcome) {
  return kOutcomes.at(static_cast<std::size_t>(outcome));
}

bool is_finding(SiteOutcome outcome) {
  switch (outcome) {
    case SiteOutcome::surfaced:
    case SiteOutcome::handled:
    case SiteOutcome::runtime:
    case SiteOutcome::never:
    case SiteOutcome::unknown:
      return false;
    default:
      return true;
  }
}

bool is_plain(SiteOutcome outcome) {
  return outcome == SiteOutcome::surfaced || outcome == SiteOutcome::handled ||
         outcome == SiteOutcome::never;
}

std::map<SiteOutcome, int> SiteSweep::counts() const {
  std::map<SiteOutcome, int> out;
  for (const SitePoint& point : points) {
    if (point.allowed.empty()) {
      ++out[point.outcome];
    }
  }
  return out;
}

int SiteSweep::allowed_points() const {
  return static_cast<int>(
      std::count_if(points.begin(), points.end(),
                    [](const SitePoint& one) { return !one.allowed.empty(); }));
}

std::string_view sweep_verdict_name(SiteSweep::Verdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames{
      "no finding", "findings", "could not tell"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

}  // namespace faultrig
