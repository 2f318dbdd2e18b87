// What is wrong with a map (docs/services.md): the rules, one function each.
#include "harness/sweep/findings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/sweep/remarks.h"
#include "harness/sweep/share.h"

namespace faultrig {

namespace {

using End = StopOutcome::End;
using What = MapFinding::What;

bool is_end_of_its_own(const StopOutcome& stop) {
  return stop.end == End::exited || stop.end == End::own_hand ||
         stop.end == End::own_process;
}

// Its ends of its own when it is idle, and how often each came; with the same
// faults beside in effect as at the stop that others are compared with.
std::map<std::string, int> idle_ends(const ShutdownMap& map,
                                     const StopOutcome* idle) {
  std::map<std::string, int> ends;
  for (const MapPoint& point : map.points) {
    if (point.instant.phase != Phase::ready || idle == nullptr) {
      continue;
    }
    for (const StopOutcome& one : point.tries) {
      bool counts = is_end_of_its_own(one) && one.without == idle->without;
      ends[one.end_text()] += counts ? 1 : 0;
    }
  }
  std::erase_if(ends, [](const auto& end) { return end.second == 0; });
  return ends;
}

bool is_allowed(const StopOutcome& idle, const MapAsked& asked) {
  int signal = signal_number(asked.signal).value_or(0);
  bool zero = idle.end == End::exited && idle.number == 0;
  bool by_signal = idle.end == End::own_hand ||
                   (idle.end == End::exited && idle.number == 128 + signal);
  return (asked.graceful != Graceful::signal && zero) ||
         (asked.graceful != Graceful::zero && by_signal);
}

// A program that has not run cannot have handled anything.
bool must_handle(Phase phase, const MapAsked& asked) {
  return phase == Phase::listening || phase == Phase::ready ||
         phase == Phase::loaded ||
         (phase == Phase::before_listen && asked.strict_start);
}

// What is wrong with one stop, by all rules but that for the idle one.
class Rules {
 public:
  explicit Rules(const ShutdownMap& map)
      : map_(map), idle_(idle_stop(map)), idle_ends_(idle_ends(map, idle_)) {}

  std::vector<MapFinding> wrong_with(const StopOutcome& stop,
                                     Phase phase) const {
    std::vector<MapFinding> out;
    if (stop.end == End::hung) {
      out.push_back({What::hung, stop.end_text()});
    } else if (stop.end == End::killed) {
      out.push_back({What::killed, stop.end_text()});
    } else if (stop.is_unhandled() && must_handle(phase, map_.asked)) {
      out.push_back({What::unhandled, stop.end_text()});
    } else if (differs(stop, phase)) {
      out.push_back({What::other_code, stop.end_text()});
    }
    if (stop.requests.lost > 0 && phase != Phase::draining) {
      out.push_back({What::lost, ""});
    }
    if (stop.requests.misanswered > 0 && phase != Phase::draining) {
      out.push_back({What::misanswered, ""});
    }
    if (!stop.left.empty() && !may_leave(stop, phase)) {
      out.push_back({What::left, ""});
    }
    if (!stop.left_files.empty() && phase != Phase::draining) {
      out.push_back({What::left_file, ""});
    }
    return out;
  }

  // Of an idle stop that is an end of its own, but none that is allowed.
  bool idle_is_wrong() const {
    return idle_ != nullptr && is_end_of_its_own(*idle_) && !idle_varies() &&
           !is_allowed(*idle_, map_.asked);
  }
  // It ends by itself in more than one way: nothing is to be compared with it.
  bool idle_varies() const { return idle_ends_.size() > 1; }
  // Those ways, and how often each came.
  std::string idle_text() const {
    std::vector<std::string> parts;
    for (const auto& [end, times] : idle_ends_) {
      parts.push_back(fmt::format("{} {}", end, times));
    }
    return join(parts, ", ");
  }
  const StopOutcome* idle() const { return idle_; }

 private:
  // Who may die of the signal, for it has not listened yet, has no say in what
  // it had started.
  bool may_leave(const StopOutcome& stop, Phase phase) const {
    bool early = phase == Phase::exec || phase == Phase::runtime_start ||
                 phase == Phase::before_listen;
    return early && stop.is_unhandled() && !must_handle(phase, map_.asked);
  }

  // Being told twice is to hurry: how that ends is told, and no finding. With
  // other faults beside that took effect it is not to be compared.
  bool differs(const StopOutcome& stop, Phase phase) const {
    return phase != Phase::draining && idle_ != nullptr && !idle_varies() &&
           is_end_of_its_own(*idle_) && is_end_of_its_own(stop) &&
           stop.without == idle_->without &&
           stop.end_text() != idle_->end_text();
  }

  const ShutdownMap& map_;
  const StopOutcome* idle_;
  std::map<std::string, int> idle_ends_;
};

// What was lost or left at a point, in words.
std::string sum_text(What what, const MapPoint& point) {
  RequestCounts sum;
  std::set<std::string> left;
  for (const StopOutcome& one : point.tries) {
    const auto& of_try = what == What::left_file ? one.left_files : one.left;
    sum.add(one.requests);
    left.insert(of_try.begin(), of_try.end());
  }
  if (what == What::lost) {
    return fmt::format("{} request{} lost that it had read", sum.lost,
                       sum.lost == 1 ? "" : "s");
  }
  if (what == What::misanswered) {
    return fmt::format(
        "{} request{} that it had read answered otherwise than those before",
        sum.misanswered, sum.misanswered == 1 ? "" : "s");
  }
  return join({left.begin(), left.end()}, ", ");
}

std::vector<MapFinding> findings_at(const ShutdownMap& map, const Rules& rules,
                                    std::size_t index) {
  const MapPoint& point = map.points[index];
  std::vector<MapFinding> out;
  for (const StopOutcome& one : point.tries) {
    for (MapFinding& found : rules.wrong_with(one, point.instant.phase)) {
      auto same = std::find_if(out.begin(), out.end(), [&](const auto& other) {
        return other.what == found.what && other.outcome == found.outcome;
      });
      same = same == out.end() ? out.insert(same, std::move(found)) : same;
      ++same->share.k;
    }
  }
  for (MapFinding& found : out) {
    found.point = index;
    found.share = share_of(found.share.k, point.told());
    if (found.outcome.empty()) {
      found.outcome = sum_text(found.what, point);
    }
  }
  return out;
}

double rate_of(const MapFinding& finding) {
  return finding.share.n == 0 ? 0
                              : static_cast<double>(finding.share.k) /
                                    static_cast<double>(finding.share.n);
}

// Lost and left are told in other numbers at each point. Files are left for one
// reason, whatever the phase.
bool say_the_same(const MapFinding& a, const MapFinding& b,
                  const ShutdownMap& map) {
  bool counted = a.what == What::lost || a.what == What::left ||
                 a.what == What::left_file || a.what == What::misanswered;
  return a.what == b.what && (counted || a.outcome == b.outcome) &&
         (a.what == What::left_file || map.points[a.point].instant.phase ==
                                           map.points[b.point].instant.phase);
}

// Files that are there when it is told: what is asked of them can be answered.
bool is_better(const MapFinding& a, const MapFinding& b,
               const ShutdownMap& map) {
  bool whole = a.what == What::left_file &&
               map.points[a.point].instant.phase == Phase::ready;
  return rate_of(a) > rate_of(b) || (whole && rate_of(a) == rate_of(b));
}

void add_finding(ShutdownMap& map, MapFinding found) {
  for (MapFinding& other : map.findings) {
    if (!say_the_same(other, found, map)) {
      continue;
    }
    std::size_t points = other.points + 1;
    if (is_better(found, other, map)) {
      other = std::move(found);
    }
    other.points = points;
    return;
  }
  map.findings.push_back(std::move(found));
}

void find_idle(ShutdownMap& map, const Rules& rules) {
  if (!rules.idle_is_wrong() && !rules.idle_varies()) {
    return;
  }
  bool varies = rules.idle_varies();
  std::string outcome = varies ? rules.idle_text() : rules.idle()->end_text();
  for (std::size_t i = map.points.size(); i-- > 0;) {
    const MapPoint& point = map.points[i];
    auto main = point.main_outcome();
    if (point.instant.phase != Phase::ready || !main) {
      continue;
    }
    MapFinding found{varies ? What::idle_varies : What::idle_stop, outcome, i};
    found.share = share_of(point.outcomes()[*main], point.told());
    map.findings.push_back(std::move(found));
    return;
  }
}

// How a point's tries ended; where none is told, why.
std::map<std::string, int> ends_of(const MapPoint& point) {
  std::map<std::string, int> ends = point.outcomes();
  if (ends.empty()) {
    for (const StopOutcome& one : point.tries) {
      ++ends[one.end_text()];
    }
  }
  return ends;
}

bool have_same_ends(const MapPoint& a, const MapPoint& b) {
  auto first = ends_of(a);
  auto second = ends_of(b);
  return a.instant.phase == b.instant.phase &&
         std::equal(
             first.begin(), first.end(), second.begin(), second.end(),
             [](const auto& x, const auto& y) { return x.first == y.first; });
}

// One for each end of the points from `first` to before `behind`.
void add_windows(ShutdownMap& map, std::size_t first, std::size_t behind) {
  std::map<std::string, int> ends;
  int all = 0;
  for (std::size_t i = first; i < behind; ++i) {
    for (const auto& [end, times] : ends_of(map.points[i])) {
      ends[end] += times;
      all += times;
    }
  }
  for (const auto& [end, times] : ends) {
    map.windows.push_back(
        {map.points[first].instant.phase, map.points[first].instant,
         map.points[behind - 1].instant, end, share_of(times, all)});
  }
}

void find_windows(ShutdownMap& map) {
  std::size_t first = 0;
  for (std::size_t i = 1; i <= map.points.size(); ++i) {
    if (i == map.points.size() ||
        !have_same_ends(map.points[first], map.points[i])) {
      add_windows(map, first, i);
      first = i;
    }
  }
}

// A point at which nobody can say how the service ends.
const StopOutcome* untold(const ShutdownMap& map) {
  for (const MapPoint& point : map.points) {
    bool all = !point.tries.empty() &&
               std::all_of(point.tries.begin(), point.tries.end(),
                           [](const StopOutcome& one) {
                             return one.end == End::unknown;
                           });
    if (all) {
      return &point.tries.front();
    }
  }
  return nullptr;
}

// Why a map without findings does not say that there are none; empty: it does.
std::string not_sure(const ShutdownMap& map, const Rules& rules) {
  if (!map.golden.trouble.empty()) {
    return map.golden.trouble;
  }
  if (!map.interrupted.empty()) {
    return map.interrupted;
  }
  if (std::string fell = ended_by_itself(map); !fell.empty()) {
    return fell;
  }
  if (const StopOutcome* stop = untold(map)) {
    return stop->why;
  }
  if (std::string no = refusals(map); map.asked.url_named && !no.empty()) {
    return no;
  }
  if (std::string vain = asked_in_vain(map); !vain.empty()) {
    return vain;
  }
  if (std::string unmet = unmet_in_all(map); !unmet.empty()) {
    return unmet;
  }
  return rules.idle() == nullptr ? "it was never seen to stop when idle" : "";
}

Phase last_told(const ShutdownMap& map) {
  auto last =
      std::find_if(map.points.rbegin(), map.points.rend(),
                   [](const MapPoint& point) { return point.told() > 0; });
  return last == map.points.rend() ? Phase::exec : last->instant.phase;
}

std::size_t points_told(const ShutdownMap& map) {
  return static_cast<std::size_t>(
      std::count_if(map.points.begin(), map.points.end(),
                    [](const MapPoint& point) { return point.told() > 0; }));
}

std::string clean_text(const ShutdownMap& map, const StopOutcome& idle) {
  return fmt::format(
      "told to stop by {} at {} instants from exec to {}, it {} once it "
      "listened",
      map.asked.signal, points_told(map), phase_name(last_told(map)),
      end_clause(idle.end_text()));
}

// What hurts most is said first: what a client loses, what ends badly, what is
// left; of the same kind the earliest.
const MapFinding& worst_of(const ShutdownMap& map) {
  constexpr std::array<What, 10> kWorst{
      What::lost,      What::misanswered, What::hung,      What::killed,
      What::unhandled, What::other_code,  What::idle_stop, What::idle_varies,
      What::left,      What::left_file};
  auto rank = [&](const MapFinding& one) {
    return std::find(kWorst.begin(), kWorst.end(), one.what);
  };
  return *std::min_element(
      map.findings.begin(), map.findings.end(),
      [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

std::string findings_text(const ShutdownMap& map) {
  const MapFinding& first = worst_of(map);
  const MapPoint& point = map.points[first.point];
  std::string out =
      fmt::format("{}, told {} ({} of {})", finding_text(first, map),
                  point.instant.moment(), first.share.k, first.share.n);
  std::size_t more = map.findings.size() - 1;
  return more == 0 ? out : out + fmt::format("; and {} more", more);
}

}  // namespace

void conclude_map(ShutdownMap& map) {
  map.windows.clear();
  map.findings.clear();
  Rules rules(map);
  find_windows(map);
  find_idle(map, rules);
  for (std::size_t i = 0; i < map.points.size(); ++i) {
    for (MapFinding& found : findings_at(map, rules, i)) {
      add_finding(map, std::move(found));
    }
  }
  std::string doubt = not_sure(map, rules);
  map.verdict = !map.findings.empty() ? ShutdownMap::Verdict::findings
                : !doubt.empty()      ? ShutdownMap::Verdict::could_not_tell
                                      : ShutdownMap::Verdict::clean;
  map.because = !map.findings.empty() ? findings_text(map)
                : !doubt.empty()      ? doubt
                                      : clean_text(map, *rules.idle());
  map.remarks = remarks_on(map);
}

}  // namespace faultrig
