#include <array>
#include <vector>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/report/sweep_report.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 11;

// What is looked at first.
constexpr std::array<SiteOutcome, 7> kFindings{
    SiteOutcome::swallowed, SiteOutcome::hung,   SiteOutcome::crashed,
    SiteOutcome::exited,    SiteOutcome::leaked, SiteOutcome::failed,
    SiteOutcome::flaky};

std::string line(std::string_view head, const std::string& text) {
  return wrapped(padded(head, kHead), for_one_line(text), kHead);
}

std::string each_words(Each each) {
  return each == Each::once ? "once" : "from then on";
}

// Points of one place that came to the same, told together.
using Group = std::vector<const SitePoint*>;

bool is_alike(const SitePoint& a, const SitePoint& b) {
  return a.point.site == b.point.site && a.point.error == b.point.error &&
         a.outcome == b.outcome;
}

std::vector<Group> groups_of(const SiteSweep& sweep, SiteOutcome outcome) {
  std::vector<Group> groups;
  for (const SitePoint& point : sweep.points) {
    if (point.outcome != outcome || !point.allowed.empty()) {
      continue;
    }
    if (groups.empty() || !is_alike(*groups.back().front(), point)) {
      groups.emplace_back();
    }
    groups.back().push_back(&point);
  }
  return groups;
}

std::string finding_lines(const SiteSweep& sweep, const Group& group) {
  const SitePoint& first = *group.front();
  const CallSite& site = sweep.sites[first.point.site];
  std::vector<std::string> each;
  for (const SitePoint* point : group) {
    each.push_back(each_words(point->point.each));
  }
  std::string what =
      fmt::format("{} {}, {}", site.call, errno_name(first.point.error),
                  join(each, " and "));
  std::string id = site.id.empty() ? "" : ", site " + site.id.substr(0, 8);
  std::string out = line(outcome_name(first.outcome), site.place());
  out += line("", what + id + ": " + first.because);
  for (const SitePoint* point : group) {
    // One line however long: it is there to be copied.
    out += point->scenario.empty()
               ? ""
               : std::string(kHead, ' ') + "faultrig run " +
                     for_one_line(shell_quote(point->scenario)) + "\n";
  }
  return out;
}

std::string counts_text(const SiteSweep& sweep) {
  std::string out;
  for (const auto& [outcome, times] : sweep.counts()) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ",
                       outcome_name(outcome), times);
  }
  int allowed = sweep.allowed_points();
  return allowed == 0 ? out : out + fmt::format(", allowed {}", allowed);
}

std::string gone_text(const SiteSweep& sweep) {
  std::string out;
  for (const AllowedFinding& known : sweep.allowed) {
    if (!known.met && sweep.left == 0) {
      out += line("gone", fmt::format("{} at site {}, allowed because {}",
                                      outcome_name(known.outcome), known.site,
                                      known.because));
    }
  }
  return out;
}

std::size_t count_unsteady(const SiteSweep& sweep) {
  std::size_t count = 0;
  for (const CallSite& site : sweep.sites) {
    count += site.recordings < 3 ? 1U : 0U;
  }
  return count;
}

std::string recorded_text(const SiteSweep& sweep) {
  std::size_t unknown = 0;
  std::size_t others = 0;
  for (const CallSite& site : sweep.sites) {
    bool blind = site.id.empty();
    unknown += blind ? 1U : 0U;
    others += !blind && site.owner != CallOwner::program ? 1U : 0U;
  }
  std::string out = fmt::format(
      "{} calls from {} sites; {} of Go's runtime, of tests and of loaders "
      "left out",
      sweep.calls, sweep.sites.size(), others);
  out += unknown > 0 ? fmt::format(
                           "; of {} calls no stack is known: they are swept "
                           "by their names",
                           unknown)
                     : "";
  std::size_t unsteady = count_unsteady(sweep);
  return unsteady == 0
             ? out
             : out + fmt::format("; {} not in each recording", unsteady);
}

}  // namespace

std::string sweep_text(const SiteSweep& sweep) {
  std::string out = line("sweep of", sweep.asked.what);
  if (!sweep.trouble.empty()) {
    return out + line("cannot", sweep.trouble);
  }
  out += line("recorded", recorded_text(sweep));
  out += line(
      "swept",
      fmt::format(
          "{} sites, {} points in {:.1f} s{}", sweep.swept, sweep.points.size(),
          static_cast<double>(sweep.took.count()) / 1e9,
          sweep.left == 0 ? ""
                          : fmt::format("; {} were not tried", sweep.left)));
  out += "\n";
  for (SiteOutcome outcome : kFindings) {
    for (const Group& group : groups_of(sweep, outcome)) {
      out += finding_lines(sweep, group);
    }
  }
  out += gone_text(sweep);
  out += sweep.points.empty() ? "" : line("outcomes", counts_text(sweep));
  return out + wrapped("",
                       std::string(sweep_verdict_name(sweep.verdict)) + ": " +
                           for_one_line(sweep.because),
                       0);
}

}  // namespace faultrig
