// A run whose time is over leaves something out. What it leaves out is told as
// not run, so the report of one run puts it first in the next: a stage that
// never has time for everything still comes to everything.
#include "harness/campaign/budget.h"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/campaign/shard.h"

namespace faultrig {

namespace {

enum class Worth { failed, never_run, passed };

Worth worth_of(const Judgement& judgement) {
  if (!judgement.apart.not_run.empty()) {
    return Worth::never_run;
  }
  return is_red(judgement) ? Worth::failed : Worth::passed;
}

// By scenario; of its repetitions the most valuable one counts.
std::map<std::string, Worth> worths_of(const std::vector<Judgement>& earlier) {
  std::map<std::string, Worth> out;
  for (const Judgement& judgement : earlier) {
    Worth worth = worth_of(judgement);
    Worth& known = out.emplace(judgement.scenario, worth).first->second;
    known = std::min(known, worth);
  }
  return out;
}

}  // namespace

std::function<std::string()> Budget::from(
    std::chrono::steady_clock::time_point start) const {
  if (!any()) {
    return [] { return std::string(); };
  }
  return [until = start + time, why = "no time left in --budget " + text] {
    return std::chrono::steady_clock::now() < until ? std::string() : why;
  };
}

Result<Budget> parse_budget(const std::string& text) {
  auto time = parse_duration(text);
  if (!time || time->count() == 0) {
    return usage_error("expected a time such as 5m, not " + for_one_line(text));
  }
  return Budget{*time, text};
}

std::vector<Entry> by_worth(std::vector<Entry> entries,
                            const std::vector<Judgement>& earlier) {
  std::map<std::string, Worth> worths = worths_of(earlier);
  Timings timings = timings_of(earlier);
  auto rank = [&](const Entry& entry) {
    const std::string& name = entry.plan.scenario.name;
    auto worth = worths.find(name);
    auto took = timings.find(name);
    return std::pair(
        worth == worths.end() ? Worth::never_run : worth->second,
        took == timings.end() ? std::chrono::nanoseconds(0) : took->second);
  };
  std::stable_sort(
      entries.begin(), entries.end(),
      [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
  return entries;
}

}  // namespace faultrig
