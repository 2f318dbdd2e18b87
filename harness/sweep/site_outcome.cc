// Nothing passes as handled that was not seen: a program that goes on after an
// error as if there were none looks the same as one that needs not care.
#include "harness/sweep/site_outcome.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <span>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/model/call_errors.h"

namespace faultrig {

namespace {

using End = SiteRun::End;
using Outcome = SiteOutcome;

SiteJudgement judged(Outcome outcome, std::string because) {
  return {outcome, std::move(because)};
}

// The first line that names the error and is not there without it.
std::string new_words(const SiteRun& run, const SiteRun& golden) {
  std::set<std::string_view> known;
  for (std::string_view line : lines_of(golden.output)) {
    known.insert(line.substr(0, 300));
  }
  for (const std::string& line : run.said) {
    if (!known.contains(line)) {
      return line;
    }
  }
  return "";
}

// Calls of the standard library whose failure it does without, on purpose: a
// size that is only a hint, a look at what is there already (os/file.go,
// os/path.go, os/removeall_at.go of Go 1.19 to 1.26).
struct Dispensable {
  std::string_view entry;
  std::string_view call;
};
constexpr std::array<Dispensable, 6> kDispensable{
    {{"os.ReadFile", "fstat"},
     {"io/ioutil.ReadFile", "fstat"},
     {"os.Rename", "newfstatat"},
     {"os.MkdirAll", "newfstatat"},
     {"os.CreateTemp", "fstat"},
     {"io.Copy", "copy_file_range"}}};

bool library_does_without(const CallSite& site) {
  return std::any_of(kDispensable.begin(), kDispensable.end(),
                     [&](const Dispensable& one) {
                       return one.entry == site.entry && one.call == site.call;
                     });
}

// os.Remove tries unlink and rmdir, whatever the first says; os.MkdirAll and
// os.RemoveAll call again for what is above and below. What the standard
// library does by itself made up for nothing.
bool library_goes_on(const CallSite& site) {
  return site.entry == "os.Remove" || site.entry == "os.RemoveAll" ||
         site.entry == "os.MkdirAll";
}

bool was_made_again(const SiteRun& run, const CallSite& site, Each each) {
  return each == Each::once && !library_goes_on(site) && !site.id.empty() &&
         run.calls > site.calls;
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

SiteJudgement of_pass(const SiteRun& run, const SiteRun& golden,
                      const CallSite& site, Each each,
                      const std::string& words) {
  if (run.left.size() > golden.left.size()) {
    return judged(Outcome::leaked,
                  fmt::format("it passed, and left {} behind", run.left[0]));
  }
  if (!words.empty()) {
    return judged(Outcome::handled, "it passed, and printed: " + words);
  }
  if (was_made_again(run, site, each)) {
    return judged(
        Outcome::handled,
        fmt::format("it passed, and made the call again: {} calls there, {} "
                    "without the fault",
                    run.calls, site.calls));
  }
  if (library_does_without(site)) {
    return judged(Outcome::handled,
                  "it passed: " + site.entry + " does without this call");
  }
  return judged(Outcome::swallowed, "it passed, and nobody said a word");
}

std::string key_of(const CallSite& site) { return site.call + " " + site.id; }

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
  bool owned = site.id.empty() || site.owner == CallOwner::program;
  return named && owned;
}

void allow(SiteSweep& sweep) {
  for (SitePoint& point : sweep.points) {
    const CallSite& site = sweep.sites[point.point.site];
    for (AllowedFinding& known : sweep.allowed) {
      bool same = is_finding(point.outcome) && !known.site.empty() &&
                  site.id.starts_with(known.site) &&
                  (known.call.empty() || known.call == site.call) &&
                  known.outcome == point.outcome;
      known.met = known.met || same;
      point.allowed = same ? known.because : point.allowed;
    }
  }
}

}  // namespace

SiteJudgement site_outcome(const SiteRun& run, const SiteRun& golden,
                           const CallSite& site, Each each) {
  if (!run.trouble.empty()) {
    return judged(Outcome::unknown, run.trouble);
  }
  if (run.effects == 0) {
    return judged(Outcome::never, "the call was not made");
  }
  std::string words = new_words(run, golden);
  switch (run.end) {
    case End::passed:
      return of_pass(run, golden, site, each, words);
    case End::failed:
      return words.empty()
                 ? judged(Outcome::failed,
                          "it " + run.end_text + " without a word of the error")
                 : judged(Outcome::surfaced, words);
    case End::exited:
      return judged(Outcome::exited, "it " + run.end_text +
                                         " before a test had a verdict" +
                                         (words.empty() ? "" : ": " + words));
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

SiteJudgement look_again(const SiteJudgement& first, const SiteRun& run,
                         const std::vector<CallSite>& golden) {
  if (first.outcome != Outcome::swallowed || run.end != End::passed) {
    return first;
  }
  std::map<std::string, std::int64_t> known;
  for (const CallSite& site : golden) {
    known[key_of(site)] = site.calls;
  }
  for (const CallSite& site : run.sites) {
    auto found = known.find(key_of(site));
    bool fresh = found == known.end();
    if (fresh && site.owner == CallOwner::program) {
      return judged(Outcome::handled,
                    fmt::format("it passed, and did what it does not without "
                                "the fault: {} in {}",
                                site.call, site.place()));
    }
  }
  return first;
}

std::vector<CallSite> joined_sites(const std::vector<SiteRun>& recordings) {
  std::vector<CallSite> out;
  std::map<std::string, std::size_t> known;
  for (const SiteRun& run : recordings) {
    for (const CallSite& site : run.sites) {
      auto [place, fresh] = known.try_emplace(key_of(site), out.size());
      if (fresh) {
        out.push_back(site);
        continue;
      }
      CallSite& one = out[place->second];
      one.calls = std::max(one.calls, site.calls);
      one.recordings += 1;
    }
  }
  return out;
}

std::vector<FaultPoint> site_points(const SweepAsked& asked,
                                    const std::vector<CallSite>& sites) {
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
    for (int error : errors_for(asked, sites[site])) {
      for (Each each : asked.each) {
        points.push_back({site, error, each});
      }
    }
  }
  return points;
}

void conclude_sweep(SiteSweep& sweep) {
  using Verdict = SiteSweep::Verdict;
  allow(sweep);
  std::map<Outcome, int> counts = sweep.counts();
  int found = 0;
  for (const auto& [outcome, times] : counts) {
    found += is_finding(outcome) ? times : 0;
  }
  sweep.verdict = found > 0 ? Verdict::findings : Verdict::clean;
  sweep.because = found > 0 ? fmt::format("{} of {} points are findings", found,
                                          sweep.points.size())
                            : "every error was answered, or is known";
  bool blind = counts[Outcome::unknown] > 0 || sweep.left > 0;
  if (!sweep.trouble.empty() || (found == 0 && blind)) {
    sweep.verdict = Verdict::could_not_tell;
    sweep.because =
        !sweep.trouble.empty()
            ? sweep.trouble
            : fmt::format("of {} points nobody can tell, {} were not tried",
                          counts[Outcome::unknown], sweep.left);
  }
  if (sweep.points.empty() && sweep.trouble.empty() && sweep.left == 0) {
    sweep.verdict = Verdict::could_not_tell;
    sweep.because = "the program made none of these calls itself";
  }
}

}  // namespace faultrig
