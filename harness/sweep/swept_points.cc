#include "harness/sweep/swept_points.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

using Outcome = SiteOutcome;

// So many points are named for one thing that was expected.
constexpr std::size_t kMostNamed = 3;

std::string times_text(const std::map<Outcome, int>& times) {
  std::vector<std::string> parts;
  parts.reserve(times.size());
  for (const auto& [outcome, count] : times) {
    parts.push_back(fmt::format("{} {}", outcome_name(outcome), count));
  }
  return join(parts, ", ");
}

SweptPoint stop_point(const MapPoint& point, int signal) {
  SweptPoint out;
  out.what = "told " + point.instant.moment();
  std::map<Outcome, int> times;
  for (const StopOutcome& one : point.tries) {
    Outcome outcome = outcome_of(one, signal);
    out.because = times.empty() ? one.text() : out.because;
    out.outcome = outcome;
    ++times[outcome];
  }
  // A moment that did not come says nothing of the times when it did.
  if (times.size() > 1) {
    times.erase(Outcome::never);
    out.outcome = times.begin()->first;
  }
  if (times.size() > 1) {
    out.outcome = Outcome::flaky;
    out.because = times_text(times);
  }
  return out;
}

struct Clause {
  const Expectation& asked;
  std::string outcome;
  const NumberTest& wanted;
};

class SweepJudge {
 public:
  SweepJudge(const Scenario& scenario, const SweptPoints& swept)
      : scenario_(scenario), swept_(swept), counts_(swept.counts()) {}

  Judgement judge() {
    Judgement out;
    out.scenario = scenario_.name;
    out.file = scenario_.file.string();
    out.asked = !scenario_.expect.empty();
    out.observed = observed();
    if (!swept_.trouble.empty()) {
      add({Verdict::inconclusive,
           "no point was tried: " + swept_.trouble,
           {},
           "",
           {}});
    } else {
      ask_all();
      ask_each();
      look_for_doubt();
    }
    for (const Finding& finding : findings_) {
      out.verdict = worse(out.verdict, finding.verdict);
    }
    for (Finding& finding : findings_) {
      if (finding.verdict == out.verdict) {
        out.findings.push_back(std::move(finding));
      }
    }
    return out;
  }

 private:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }

  std::string observed() const {
    if (!swept_.trouble.empty() || !swept_.shown.empty()) {
      return swept_.shown;
    }
    auto allowed =
        std::count_if(swept_.points.begin(), swept_.points.end(),
                      [](const SweptPoint& one) { return one.allowed; });
    std::string counts = times_text(counts_);
    counts += allowed > 0 ? fmt::format("{}allowed {}",
                                        counts.empty() ? "" : ", ", allowed)
                          : "";
    std::size_t all = swept_.points.size();
    return fmt::format("{} point{}: {}", all, all == 1 ? "" : "s", counts);
  }

  void ask_all() {
    for (const Expectation& asked : scenario_.expect) {
      if (asked.type != "sweep") {
        continue;
      }
      for (const auto& [key, entry] : asked.params.entries()) {
        answer({asked, key, std::get<NumberTest>(entry.value)});
      }
    }
  }

  // Those of which nobody can tell may have come to it too.
  void answer(const Clause& clause) {
    std::int64_t count = count_of(clause.outcome);
    std::int64_t more = static_cast<std::int64_t>(swept_.left);
    more += clause.outcome == "unknown" ? 0 : count_of("unknown");
    bool settled = clause.wanted.is_settled(count, count + more);
    Finding out;
    out.verdict = !settled                     ? Verdict::inconclusive
                  : clause.wanted.holds(count) ? Verdict::pass
                                               : Verdict::fail;
    out.expected = "sweep: " + clause.outcome + " " + clause.wanted.text();
    out.place = clause.asked.place;
    out.because = fmt::format("{} at {} of {} points{}", clause.outcome, count,
                              swept_.points.size(),
                              settled ? ""
                                      : fmt::format(", and of {} nobody can "
                                                    "tell",
                                                    more));
    add(out);
    if (out.verdict != Verdict::pass) {
      name_points(clause.outcome, out);
    }
  }

  std::int64_t count_of(const std::string& outcome) const {
    std::int64_t count = 0;
    for (const auto& [one, times] : counts_) {
      count += outcome_name(one) == outcome ? times : 0;
    }
    return count;
  }

  // A finding for each place that came to it, some of them.
  void name_points(const std::string& outcome, const Finding& like) {
    std::vector<std::string> names;
    const SweptPoint* last = nullptr;
    std::string each;
    for (const SweptPoint& point : swept_.points) {
      if (outcome_name(point.outcome) != outcome || point.allowed) {
        continue;
      }
      bool same = last != nullptr && last->what == point.what &&
                  last->where == point.where && !point.each.empty();
      each = same ? fmt::format("{} and {}", each, point.each) : point.each;
      names.resize(names.size() - (same ? 1 : 0));
      names.push_back(point.name(each) + ": " + point.because);
      last = &point;
    }
    for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) {
      add_like(like, names[i]);
    }
    if (names.size() > kMostNamed) {
      add_like(like, fmt::format("{} at {} places more", outcome,
                                 names.size() - kMostNamed));
    }
  }

  void add_like(const Finding& like, std::string because) {
    Finding one = like;
    one.because = std::move(because);
    add(std::move(one));
  }

  // Of what is not met at many points some are named.
  void ask_each() {
    std::map<int, Finding> last;  // by number of what was expected
    std::map<int, std::size_t> told;
    for (const SweptPoint& point : swept_.points) {
      for (const Finding& unmet : point.unmet) {
        int number = unmet.place.line;
        Finding one = unmet;
        one.cites.clear();
        one.place = place_of(number);
        one.because = point.name() + ": " + unmet.because;
        one.verdict = worse(last[number].verdict, unmet.verdict);
        last[number] = one;
        if (++told[number] <= kMostNamed) {
          add(std::move(one));
        }
      }
    }
    for (const auto& [number, times] : told) {
      if (times > kMostNamed) {
        add_like(last[number],
                 fmt::format("the same at {} more points", times - kMostNamed));
      }
    }
    add_met(last);
  }

  // What is expected of each run, in its order.
  std::vector<const Expectation*> asked_of_each() const {
    std::vector<const Expectation*> out;
    for (const Expectation& asked : scenario_.expect) {
      if (asked.type != "sweep") {
        out.push_back(&asked);
      }
    }
    return out;
  }

  // In the author's file; a run of a point was read from another text.
  Place place_of(int number) const {
    auto all = asked_of_each();
    bool known = number > 0 && static_cast<std::size_t>(number) <= all.size();
    return known ? all[static_cast<std::size_t>(number) - 1]->place : Place{};
  }

  void add_met(const std::map<int, Finding>& unmet) {
    int number = 0;
    for (const Expectation* asked : asked_of_each()) {
      if (!unmet.contains(++number)) {
        add({Verdict::pass,
             fmt::format("so at each of {} points", swept_.points.size()),
             {},
             asked->text,
             asked->place});
      }
    }
  }

  // A sweep that met nothing proves nothing.
  void look_for_doubt() {
    auto tried = std::count_if(swept_.points.begin(), swept_.points.end(),
                               [](const SweptPoint& one) {
                                 return one.outcome != Outcome::never &&
                                        one.outcome != Outcome::unknown;
                               });
    if (tried == 0) {
      std::string why = swept_.points.empty()
                            ? "there is no such point"
                            : "no fault took effect at any point";
      add({Verdict::inconclusive, why, {}, "", {}});
    }
    if (count_of("unknown") > 0) {
      name_points("unknown", {Verdict::inconclusive, "", {}, "", {}});
    }
    if (swept_.left > 0) {
      add({Verdict::inconclusive,
           fmt::format("{} points were not tried", swept_.left),
           {},
           "",
           {}});
    }
  }

  const Scenario& scenario_;
  const SweptPoints& swept_;
  std::map<Outcome, int> counts_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string SweptPoint::name(const std::string& which) const {
  return what + (which.empty() ? "" : ", " + which) +
         (where.empty() ? "" : ", in " + where);
}

std::map<SiteOutcome, int> SweptPoints::counts() const {
  std::map<SiteOutcome, int> out;
  for (const SweptPoint& point : points) {
    out[point.outcome] += point.allowed ? 0 : 1;
  }
  std::erase_if(out, [](const auto& one) { return one.second == 0; });
  return out;
}

SweptPoints swept_points(const SiteSweep& sweep) {
  SweptPoints out;
  out.trouble = sweep.trouble;
  out.left = sweep.left;
  for (const SitePoint& point : sweep.points) {
    const CallSite& site = sweep.sites[point.point.site];
    std::string where =
        site.id.empty() || site.is_peer ? "" : site.place() + site.mark();
    out.points.push_back({deed_at(site, point.point), point.point.which(),
                          where, point.outcome, point.because,
                          !point.allowed.empty(), point.unmet});
  }
  return out;
}

SweptPoints swept_points(const ShutdownMap& map,
                         const std::vector<std::vector<Finding>>& unmet) {
  SweptPoints out;
  out.trouble = map.golden.trouble;
  int signal = signal_number(map.asked.signal).value_or(0);
  for (std::size_t i = 0; i < map.points.size(); ++i) {
    out.points.push_back(stop_point(map.points[i], signal));
    out.points.back().unmet = unmet.at(i);
  }
  return out;
}

SweptPoints swept_points(const FloorMap& map) {
  SweptPoints out;
  out.trouble = map.trouble;
  for (const Floor& floor : map.floors) {
    SweptPoint point;
    point.what = std::string(floor.limit->name) + ", floor " + floor.text();
    point.outcome = !floor.trouble.empty() ? Outcome::unknown
                    : floor.flaky          ? Outcome::flaky
                                           : floor.outcome;
    point.because = floor.trouble.empty() ? floor.because : floor.trouble;
    out.shown += (out.shown.empty() ? "floors: " : ", ") +
                 std::string(floor.limit->name) + " " + floor.text();
    out.points.push_back(std::move(point));
  }
  return out;
}

SiteOutcome outcome_of(const StopOutcome& stop, int signal) {
  using End = StopOutcome::End;
  switch (stop.end) {
    case End::never:
      return Outcome::never;
    case End::unknown:
      return Outcome::unknown;
    case End::hung:
      return Outcome::hung;
    case End::killed:
      return Outcome::crashed;
    case End::unhandled:
    case End::raised:
      return stop.listened ? Outcome::crashed : Outcome::runtime;
    case End::exited:
    case End::own_hand:
    case End::own_process:
      break;
  }
  bool lost = stop.requests.lost > 0 || stop.requests.misanswered > 0;
  bool exited = stop.end == End::exited;
  bool clean = stop.end == End::own_hand ||
               (exited && (stop.number == 0 || stop.number == 128 + signal));
  return lost                 ? Outcome::lost
         : !stop.left.empty() ? Outcome::leaked
         : clean              ? Outcome::handled
                              : Outcome::failed;
}

Judgement judge_sweep(const Scenario& scenario, const SweptPoints& swept) {
  return SweepJudge(scenario, swept).judge();
}

}  // namespace faultrig
