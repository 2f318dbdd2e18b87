#include "harness/sweep/all_sweeps.h"

#include <utility>

#include <fmt/format.h>

namespace faultrig {

namespace {

using Came = SiteSweep::Verdict;

bool is_idle(const SiteSweep& sweep) {
  return sweep.points.empty() && sweep.trouble.empty() && sweep.left == 0;
}

int findings_of(const SiteSweeps& all) {
  int found = 0;
  for (const auto& [outcome, times] : all.counts()) {
    found += is_finding(outcome) ? times : 0;
  }
  return found;
}

// Why they do not say that there is no finding; empty: they do.
std::string doubt_of(const SiteSweeps& all) {
  std::string out;
  std::size_t swept = 0;
  for (const SiteSweep& sweep : all.sweeps) {
    bool idle = is_idle(sweep);
    swept += idle ? 0U : 1U;
    if (out.empty() && !idle && sweep.verdict == Came::could_not_tell) {
      out = sweep.asked.what + ": " + sweep.because;
    }
  }
  if (out.empty() && !all.not_begun.empty()) {
    out =
        fmt::format("{} of the packages were not begun", all.not_begun.size());
  }
  if (!out.empty() || swept > 0) {
    return out;
  }
  return all.sweeps.empty() ? "no package has tests"
                            : "no program made any of these calls itself";
}

}  // namespace

void conclude_sweeps(SiteSweeps& all) {
  if (all.is_lone()) {
    all.verdict = all.sweeps.front().verdict;
    all.because = all.sweeps.front().because;
    return;
  }
  int found = findings_of(all);
  std::string doubt = doubt_of(all);
  all.verdict = found > 0        ? Came::findings
                : !doubt.empty() ? Came::could_not_tell
                                 : Came::clean;
  all.because = found > 0 ? fmt::format("{} of {} points are findings", found,
                                        all.points())
                : doubt.empty() ? "every error was answered, or is known"
                                : "";
  all.because += !all.because.empty() && !doubt.empty() ? "; " : "";
  all.because += doubt;
}

SiteSweeps lone_sweep(SiteSweep sweep) {
  SiteSweeps all;
  all.what = sweep.asked.what;
  all.took = sweep.took;
  all.sweeps.push_back(std::move(sweep));
  conclude_sweeps(all);
  return all;
}

}  // namespace faultrig
