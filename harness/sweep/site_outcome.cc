// Nothing passes as handled that was not seen: a program that goes on after an
// error as if there were none looks the same as one that needs not care.
#include "harness/sweep/site_outcome.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/model/call_errors.h"
#include "harness/model/syscalls.h"
#include "harness/sweep/peer_points.h"
#include "harness/sweep/request_trouble.h"
#include "harness/sweep/site_tests.h"
#include "harness/sweep/site_words.h"
#include "harness/sweep/standard_library.h"

namespace faultrig {

namespace {

using End = SiteRun::End;
using Outcome = SiteOutcome;

SiteJudgement judged(Outcome outcome, std::string because) {
  return {outcome, std::move(because), {}, false};
}

constexpr std::size_t kLongestLine = 300;

std::string first_of(const std::vector<std::string>& lines) {
  if (lines.empty()) {
    return "";
  }
  std::size_t first = lines.front().find_first_not_of(" \t");
  return lines.front().substr(first == std::string::npos ? 0 : first,
                              kLongestLine);
}

std::string suffix(const std::string& words) {
  return words.empty() ? "" : ": " + words;
}

SiteJudgement of_crash(const SiteRun& run, const std::string& words) {
  std::string what = run.end_text + (run.top.empty() ? "" : " in " + run.top);
  if (run.end == End::fatal &&
      run.end_text.find("all goroutines are asleep") != std::string::npos) {
    return judged(Outcome::hung, what);
  }
  if (run.top_is_test) {
    return words.empty() ? judged(Outcome::failed, what)
                         : judged(Outcome::surfaced, words);
  }
  bool of_runtime = run.end == End::fatal && run.top.empty();
  return judged(of_runtime ? Outcome::runtime : Outcome::crashed, what);
}

SiteJudgement of_pass(const SiteRun& run, const CallSite& site,
                      const FaultPoint& point,
                      const std::vector<std::string>& fresh) {
  if (!fresh.empty()) {
    return judged(Outcome::handled,
                  "it passed, and printed: " + first_of(fresh));
  }
  bool each_again = point.each == Each::per_test && run.hit.size() > 1;
  if (each_again || was_made_again(run, site, point)) {
    return judged(
        Outcome::handled,
        fmt::format("it passed, and made the call again: {} calls there, {} "
                    "without the fault",
                    run.calls, site.calls));
  }
  return judged(Outcome::swallowed, "it passed, and nobody said a word");
}

// Of what the tests themselves said.
SiteJudgement of_tests(const SiteRun& run, const CallSite& site,
                       const FaultPoint& point,
                       const std::vector<std::string>& fresh) {
  if (run.end == End::passed && library_does_without(site)) {
    return judged(Outcome::handled,
                  "it passed: " + site.entry + " does without this call");
  }
  if (auto several = of_several_tests(run, site, point, fresh)) {
    return *several;
  }
  if (run.end == End::passed) {
    return of_pass(run, site, point, fresh);
  }
  if (!fresh.empty()) {
    return judged(Outcome::surfaced, first_of(fresh));
  }
  std::string others = only_others_failed(run);
  return judged(
      Outcome::failed,
      "it " + run.end_text +
          (others.empty() ? " without a word of the error" : ": " + others));
}

std::string key_of(const CallSite& site) { return site.call + " " + site.id; }

// Of those that share an id one that comes over other lines.
std::string key_with_lines(const CallSite& site) {
  std::string key = key_of(site);
  for (const GoFrame& frame : site.frames) {
    key += site.first == 1 ? "" : fmt::format(" {}", frame.line);
  }
  return key;
}

// By their number they can be met again only where that is the same each time.
void drop_unsteady_lines(std::vector<CallSite>& sites, std::size_t recordings) {
  std::erase_if(sites, [&](const CallSite& one) {
    return one.first != 1 &&
           (one.first == 0 || one.recordings < static_cast<int>(recordings));
  });
}

// Its place in the table, which begins with what costs data.
std::ptrdiff_t rank_of(const CallSite& site) {
  std::span<const CallErrors> rows = swept_calls();
  return std::find_if(
             rows.begin(), rows.end(),
             [&](const CallErrors& row) { return row.call == site.call; }) -
         rows.begin();
}

std::vector<int> errors_for(const SweepAsked& asked, const CallSite& site) {
  const CallErrors* row = errors_of_call(site.call);
  if (asked.errors.empty()) {
    return row == nullptr ? std::vector<int>{EIO}
                          : std::vector<int>{row->errors.front()};
  }
  return asked.errors;
}

bool is_asked(const SweepAsked& asked, const CallSite& site) {
  bool named =
      asked.calls.empty()
          ? errors_of_call(site.call) != nullptr && !is_close(site.call)
          : std::find(asked.calls.begin(), asked.calls.end(), site.call) !=
                asked.calls.end();
  CallOwner owner =
      asked.of == "runtime" ? CallOwner::runtime : CallOwner::program;
  bool owned = site.id.empty() || asked.of == "any" || site.owner == owner;
  return named && owned;
}

// In one test function the first call is the first of all.
bool is_apart(const SweepAsked& asked, const CallSite& site) {
  bool once = std::find(asked.each.begin(), asked.each.end(), Each::once) !=
              asked.each.end();
  return !once || site.tests.size() > 1;
}

// A process is killed once: before anything was kept there, and before the last
// of it was.
void add_points(const SweepAsked& asked, const CallSite& site,
                std::size_t index, std::vector<FaultPoint>& points) {
  const CallErrors* row = errors_of_call(site.call);
  std::vector<FaultPoint> harms;
  bool others = asked.kill || asked.shorten || asked.delay;
  for (int error : others&& asked.errors.empty() ? std::vector<int>()
                                                 : errors_for(asked, site)) {
    harms.push_back({.site = index, .error = error, .nth = site.first});
  }
  if (asked.shorten && moving_call(site.call) != nullptr) {
    harms.push_back({.site = index,
                     .harm = Harm::shorten,
                     .amount = *asked.shorten,
                     .nth = site.first});
  }
  if (asked.delay) {
    harms.push_back({.site = index,
                     .harm = Harm::delay,
                     .amount = *asked.delay,
                     .nth = site.first});
  }
  for (FaultPoint& harm : harms) {
    for (Each each : asked.each) {
      bool apart = site.first == 1 && is_apart(asked, site);
      if (each != Each::per_test || apart) {
        harm.each = each;
        points.push_back(harm);
      }
    }
  }
  if (asked.kill && (row == nullptr || row->stake != CallStake::look)) {
    points.push_back({.site = index, .harm = Harm::kill, .nth = site.first});
    if (site.calls > 1 && site.first == 1) {
      points.push_back({.site = index, .harm = Harm::kill, .nth = site.calls});
    }
  }
}

void allow(SiteSweep& sweep) {
  for (SitePoint& point : sweep.points) {
    const CallSite& site = sweep.sites[point.point.site];
    for (AllowedFinding& known : sweep.allowed) {
      bool here = site.is_peer ? site.id == known.site
                               : site.id.starts_with(known.site);
      bool same = is_finding(point.outcome) && !known.site.empty() && here &&
                  (known.call.empty() || known.call == site.call) &&
                  known.outcome == point.outcome;
      known.met = known.met || same;
      point.allowed = same ? known.because : point.allowed;
    }
  }
}

// A test binary may end with 0 although a test failed: its TestMain says so.
SiteRun with_failures(SiteRun run, const std::vector<SiteRun>& recordings) {
  std::vector<std::string> failed = failed_anew(run, recordings);
  if (run.end == End::passed && !failed.empty()) {
    run.end = End::failed;
    run.end_text = "exited 0 although " + failed.front() + " failed,";
  }
  return run;
}

bool only_delays(const FaultPoint& point) {
  return point.harm == Harm::delay ||
         (point.harm == Harm::peer && is_late(point.deed.mode));
}

SiteJudgement of_end(const SiteRun& run, const CallSite& site,
                     const FaultPoint& point,
                     const std::vector<std::string>& fresh) {
  std::string words = first_of(fresh);
  switch (run.end) {
    case End::passed:
    case End::failed:
      return of_tests(run, site, point, fresh);
    case End::exited:
      return judged(Outcome::exited, "it " + run.end_text +
                                         " before a test had a verdict" +
                                         suffix(words));
    case End::panicked:
    case End::fatal:
    case End::killed:
      return of_crash(run, words);
    case End::hung:
      return judged(Outcome::hung, "it " + run.end_text +
                                       (run.top.empty() ? "" : ": " + run.top));
    case End::unknown:
      break;
  }
  return judged(Outcome::unknown, "nobody saw how it ended");
}

}  // namespace

SiteJudgement site_outcome(const SiteRun& seen,
                           const std::vector<SiteRun>& recordings,
                           const CallSite& site, const FaultPoint& point) {
  if (!seen.trouble.empty()) {
    return judged(Outcome::unknown, seen.trouble);
  }
  if (seen.effects == 0) {
    return judged(Outcome::never, site.is_peer ? "no connection met it"
                                               : "the call was not made");
  }
  SiteRun run = with_failures(seen, recordings);
  std::vector<std::string> fresh =
      KnownLines(recordings).fresh(lines_of_hit_tests(run));
  std::string words = first_of(fresh);
  if (!run.lost.empty()) {
    std::string it = run.end == End::killed ? "it was " : "it ";
    return judged(Outcome::lost, it + run.end_text + suffix(words) +
                                     "; afterwards the recover command " +
                                     run.lost);
  }
  if (point.harm == Harm::kill && run.end == End::killed) {
    return judged(Outcome::handled,
                  "killed there, it had all that was acknowledged afterwards");
  }
  if (auto told = of_requests(run, recordings)) {
    return *told;
  }
  if (only_delays(point) && run.end == End::passed) {
    return judged(Outcome::handled, "it passed, later");
  }
  std::size_t left = recordings.empty() ? 0 : recordings.front().left.size();
  if (run.end == End::passed && run.left.size() > left) {
    return judged(Outcome::leaked,
                  fmt::format("it passed, and left {} behind", run.left[0]));
  }
  return of_end(run, site, point, fresh);
}

SiteJudgement look_again(const SiteJudgement& first, const SiteRun& run,
                         const CallSite& failed,
                         const std::vector<CallSite>& golden) {
  bool one = run.hit.size() <= 1;
  if (first.outcome != Outcome::swallowed || run.end != End::passed || !one) {
    return first;
  }
  std::map<std::string, std::int64_t> known;
  for (const CallSite& site : golden) {
    known[key_of(site)] = site.calls;
  }
  for (const CallSite& site : run.sites) {
    auto found = known.find(key_of(site));
    bool fresh = found == known.end();
    if (fresh && site.owner == CallOwner::program &&
        !is_of_same_step(failed, site)) {
      SiteJudgement more = judged(
          Outcome::handled,
          fmt::format("it passed, and did what it does not without the "
                      "fault: {} {} {}",
                      site.call, site.is_peer ? "to" : "in", site.place()));
      more.looked = true;
      return more;
    }
  }
  return first;
}

std::vector<CallSite> joined_sites(const std::vector<SiteRun>& recordings) {
  std::vector<CallSite> out;
  std::map<std::string, std::size_t> known;
  for (const SiteRun& run : recordings) {
    for (const CallSite& site : run.sites) {
      auto [place, fresh] = known.try_emplace(key_with_lines(site), out.size());
      if (fresh) {
        out.push_back(site);
        continue;
      }
      CallSite& one = out[place->second];
      one.first = one.first == site.first ? one.first : 0;
      one.calls = std::max(one.calls, site.calls);
      one.recordings += 1;
      for (const auto& [test, calls] : site.calls_in) {
        one.calls_in[test] = std::max(one.calls_in[test], calls);
      }
      one.tests = one.tests.size() < site.tests.size() ? site.tests : one.tests;
    }
  }
  drop_unsteady_lines(out, recordings.size());
  return out;
}

std::vector<FaultPoint> site_points(const SweepAsked& asked,
                                    const std::vector<CallSite>& sites) {
  if (asked.peers) {
    return peer_points(asked, sites);
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (is_asked(asked, sites[i])) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return rank_of(sites[a]) < rank_of(sites[b]);
                   });
  std::vector<FaultPoint> points;
  for (std::size_t site : order) {
    add_points(asked, sites[site], site, points);
  }
  return points;
}

void conclude_sweep(SiteSweep& sweep) {
  using Came = SiteSweep::Verdict;
  allow(sweep);
  std::map<Outcome, int> counts = sweep.counts();
  int found = 0;
  for (const auto& [outcome, times] : counts) {
    found += is_finding(outcome) ? times : 0;
  }
  sweep.verdict = found > 0 ? Came::findings : Came::clean;
  sweep.because = found > 0 ? fmt::format("{} of {} points are findings", found,
                                          sweep.points.size())
                            : "every error was answered, or is known";
  bool blind = counts[Outcome::unknown] > 0 || sweep.left > 0;
  if (!sweep.trouble.empty() || (found == 0 && blind)) {
    sweep.verdict = Came::could_not_tell;
    sweep.because =
        !sweep.trouble.empty()
            ? sweep.trouble
            : fmt::format("of {} points nobody can tell, {} were not tried",
                          counts[Outcome::unknown], sweep.left);
  }
  if (sweep.points.empty() && sweep.trouble.empty() && sweep.left == 0) {
    sweep.verdict = Came::could_not_tell;
    sweep.because = sweep.asked.peers
                        ? "it connected to nothing that it depends on"
                        : "the program made none of these calls itself";
  }
}

}  // namespace faultrig
