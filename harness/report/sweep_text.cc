#include <array>
#include <vector>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/base/units.h"
#include "harness/report/error_coverage.h"
#include "harness/report/sweep_report.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 11;

// What is looked at first.
constexpr std::array<SiteOutcome, 8> kFindings{
    SiteOutcome::lost,    SiteOutcome::swallowed, SiteOutcome::hung,
    SiteOutcome::crashed, SiteOutcome::exited,    SiteOutcome::leaked,
    SiteOutcome::failed,  SiteOutcome::flaky};

std::string line(std::string_view head, const std::string& text) {
  return wrapped(padded(head, kHead), for_one_line(text), kHead);
}

// Points of one place that came to the same, told together.
using Group = std::vector<const SitePoint*>;

bool is_alike(const SitePoint& a, const SitePoint& b) {
  return a.point.site == b.point.site && a.point.fault() == b.point.fault() &&
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
    each.push_back(point->point.which());
  }
  std::string what = fmt::format(
      "{}, {}", site.is_peer ? first.point.fault() : deed_at(site, first.point),
      join(each, " and "));
  std::string out = line(outcome_name(first.outcome), site.place());
  out += line("", what + site.mark() + ": " + first.because);
  for (const SitePoint* point : group) {
    // One line however long: it is there to be copied.
    out += point->scenario.empty() ? ""
                                   : std::string(kHead, ' ') + "faultrig run " +
                                         typed_word(point->scenario) + "\n";
  }
  return out;
}

// Of one or of all.
template <typename Swept>
std::string counts_text(const Swept& sweep) {
  std::string out;
  for (const auto& [outcome, times] : sweep.counts()) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ",
                       outcome_name(outcome), times);
  }
  int allowed = sweep.allowed_points();
  return allowed == 0 ? out
                      : out + fmt::format("{}allowed {}",
                                          out.empty() ? "" : ", ", allowed);
}

std::string gone_text(const SiteSweeps& all) {
  std::string out;
  for (const AllowedFinding& known : all.gone()) {
    out += line("gone", fmt::format("{} at site {}, allowed because {}",
                                    outcome_name(known.outcome), known.site,
                                    known.because));
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

std::string peers_text(const SiteSweep& sweep) {
  std::size_t others = 0;
  std::int64_t own = 0;
  for (const CallSite& peer : sweep.sites) {
    bool other = peer.owner != CallOwner::other;
    others += other ? 1U : 0U;
    own += other ? 0 : peer.calls;
  }
  std::string out = fmt::format("{} connections, to {} addresses of others",
                                sweep.calls, others);
  return own == 0
             ? out
             : out + fmt::format("; {} to what it listens on itself left out",
                                 own);
}

std::string recorded_text(const SiteSweep& sweep) {
  if (sweep.asked.peers) {
    return peers_text(sweep);
  }
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

// Up to its findings.
std::string found_text(const SiteSweep& sweep) {
  std::string out = line("sweep of", sweep.asked.what);
  if (!sweep.trouble.empty()) {
    return out + line("cannot", sweep.trouble);
  }
  out += line("recorded", recorded_text(sweep));
  out += line(
      "swept",
      fmt::format(
          "{} {}, {} points in {:.1f} s{}", sweep.swept,
          sweep.asked.peers ? "dependencies" : "sites", sweep.points.size(),
          static_cast<double>(sweep.took.count()) / 1e9,
          sweep.left == 0 ? ""
                          : fmt::format("; {} were not tried", sweep.left)));
  out += "\n";
  for (SiteOutcome outcome : kFindings) {
    for (const Group& group : groups_of(sweep, outcome)) {
      out += finding_lines(sweep, group);
    }
  }
  return out;
}

// Of one or of all.
template <typename Swept>
std::string verdict_text(const Swept& sweep) {
  return wrapped("",
                 std::string(sweep_verdict_name(sweep.verdict)) + ": " +
                     for_one_line(sweep.because),
                 0);
}

template <typename Swept>
std::string outcomes_text(const Swept& sweep) {
  std::string counts = counts_text(sweep);
  return counts.empty() ? "" : line("outcomes", counts);
}

std::string listed(std::string_view head,
                   const std::vector<std::string>& packages) {
  return packages.empty() ? "" : line(head, join(packages, ", "));
}

// What stands before the totals where there are several.
std::string parts_text(const SiteSweeps& all) {
  std::string out;
  for (const SiteSweep& sweep : all.sweeps) {
    out += found_text(sweep) + outcomes_text(sweep);
    out += sweep.trouble.empty() ? verdict_text(sweep) + "\n" : "\n";
  }
  out += line("all of", all.what);
  out += listed("no tests", all.untested);
  out += listed("not begun", all.not_begun);
  return out +
         line("swept",
              fmt::format(
                  "{} packages, {} points in {:.1f} s{}", all.sweeps.size(),
                  all.points(), static_cast<double>(all.took.count()) / 1e9,
                  all.left() == 0
                      ? ""
                      : fmt::format("; {} were not tried", all.left())));
}

}  // namespace

std::string sweep_text(const SiteSweeps& all, bool coverage) {
  bool lone = all.is_lone();
  std::string out = lone ? found_text(all.sweeps.front()) : parts_text(all);
  if (lone && !all.sweeps.front().trouble.empty()) {
    return out;
  }
  out += gone_text(all) + outcomes_text(all);
  out += coverage ? coverage_text(all.covering()) : "";
  return out + verdict_text(all);
}

}  // namespace faultrig
