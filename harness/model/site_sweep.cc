#include "harness/model/site_sweep.h"

#include <algorithm>
#include <array>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, kSiteOutcomes> kOutcomes{
    "surfaced", "failed", "handled", "swallowed", "crashed",
    "runtime",  "exited", "hung",    "lost",      "leaked",
    "flaky",    "never",  "unknown"};
constexpr std::array<std::string_view, 3> kEach{"once", "per_test",
                                                "from_then_on"};

}  // namespace

std::string CallSite::place() const {
  if (id.empty()) {
    return "anywhere in the program";
  }
  GoStack stack;
  stack.frames = frames;
  std::string text = stack_text(stack);
  if (is_peer) {
    return text.empty() ? id : id + ", from " + text;
  }
  return text.empty() ? entry : text;
}

std::string CallSite::mark() const {
  return id.empty() || is_peer ? "" : ", site " + id.substr(0, 8);
}

std::string FaultPoint::fault() const {
  switch (harm) {
    case Harm::error:
      return errno_name(error);
    case Harm::kill:
      return nth == 1 ? "SIGKILL"
                      : "SIGKILL at its call " + std::to_string(nth);
    case Harm::shorten:
      return "short " + format_bytes({static_cast<std::uint64_t>(amount)});
    case Harm::peer:
      return deed.text();
    case Harm::delay:
      break;
  }
  return "delay " + format_duration(std::chrono::nanoseconds(amount));
}

std::string FaultPoint::which() const {
  if (harm != Harm::peer) {
    return std::string(each_words(each));
  }
  std::string from = when == "start" ? "from the start" : "when " + when;
  return each == Each::once ? "the first connection " + from : from;
}

std::string PeersAsked::text() const {
  std::vector<std::string> deeds;
  deeds.reserve(does.size());
  for (const DependencyDeed& deed : does) {
    deeds.push_back(deed.text());
  }
  return "does [" + join(deeds, ", ") + "], when [" + join(when, ", ") + "]";
}

std::string deed_at(const CallSite& site, const FaultPoint& point) {
  return site.is_peer ? point.fault() + " of " + site.id
                      : site.call + " " + point.fault();
}

std::string_view each_name(Each each) {
  return kEach.at(static_cast<std::size_t>(each));
}

std::string_view each_words(Each each) {
  return each == Each::once       ? "once"
         : each == Each::per_test ? "once in each test"
                                  : "from then on";
}

std::optional<Each> each_named(std::string_view name) {
  auto found = std::find(kEach.begin(), kEach.end(), name);
  return found == kEach.end()
             ? std::nullopt
             : std::optional(static_cast<Each>(found - kEach.begin()));
}

std::int64_t SiteRun::told() const {
  std::int64_t all = 0;
  for (const CallSite& site : sites) {
    all += site.first == 1 ? site.calls : 0;
  }
  return all;
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

bool SiteSweeps::is_lone() const {
  return sweeps.size() == 1 && untested.empty() && not_begun.empty();
}

std::vector<SiteSweep> SiteSweeps::covering() const {
  std::vector<SiteSweep> out = sweeps;
  out.insert(out.end(), beside.begin(), beside.end());
  return out;
}

std::size_t SiteSweeps::points() const {
  std::size_t count = 0;
  for (const SiteSweep& sweep : sweeps) {
    count += sweep.points.size();
  }
  return count;
}

std::size_t SiteSweeps::left() const {
  std::size_t count = 0;
  for (const SiteSweep& sweep : sweeps) {
    count += sweep.left;
  }
  return count;
}

std::map<SiteOutcome, int> SiteSweeps::counts() const {
  std::map<SiteOutcome, int> out;
  for (const SiteSweep& sweep : sweeps) {
    for (const auto& [outcome, times] : sweep.counts()) {
      out[outcome] += times;
    }
  }
  return out;
}

int SiteSweeps::allowed_points() const {
  int count = 0;
  for (const SiteSweep& sweep : sweeps) {
    count += sweep.allowed_points();
  }
  return count;
}

std::vector<AllowedFinding> SiteSweeps::gone() const {
  bool whole =
      left() == 0 && not_begun.empty() &&
      std::all_of(sweeps.begin(), sweeps.end(),
                  [](const SiteSweep& one) { return one.trouble.empty(); });
  if (sweeps.empty() || !whole) {
    return {};
  }
  std::vector<AllowedFinding> out = sweeps.front().allowed;
  for (const SiteSweep& sweep : sweeps) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].met = out[i].met || sweep.allowed.at(i).met;
    }
  }
  std::erase_if(out, [](const AllowedFinding& one) { return one.met; });
  return out;
}

std::string_view sweep_verdict_name(SiteSweep::Verdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames{
      "no finding", "findings", "could not tell"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

}  // namespace faultrig
