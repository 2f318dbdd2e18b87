#include "harness/report/tally.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

std::string end_of(const Judgement& judgement) {
  std::string_view text = judgement.observed;
  if (judgement.ends.size() == 1 &&
      text.starts_with(judgement.ends[0].link + " ")) {
    text.remove_prefix(judgement.ends[0].link.size() + 1);
  }
  return text.empty() ? "not run" : std::string(text);
}

void count(const Judgement& judgement, Tally& tally) {
  std::string end = end_of(judgement);
  auto row = std::find_if(
      tally.rows.begin(), tally.rows.end(), [&](const Tally::Row& one) {
        return one.observed == end && one.verdict == judgement.verdict;
      });
  if (row == tally.rows.end()) {
    tally.rows.push_back({0, end, judgement.verdict});
    row = tally.rows.end() - 1;
  }
  ++row->times;
  ++tally.of;
}

}  // namespace

std::vector<Tally> tallies_of(std::span<const Judgement> judgements) {
  std::vector<Tally> tallies;
  for (const Judgement& judgement : judgements) {
    if (judgement.repeat == 0) {
      continue;
    }
    auto tally = std::find_if(
        tallies.begin(), tallies.end(),
        [&](const Tally& one) { return one.scenario == judgement.scenario; });
    if (tally == tallies.end()) {
      tallies.push_back({judgement.scenario, 0, {}});
      tally = tallies.end() - 1;
    }
    count(judgement, *tally);
  }
  std::erase_if(tallies, [](const Tally& one) { return one.of < 2; });
  for (Tally& tally : tallies) {
    std::stable_sort(tally.rows.begin(), tally.rows.end(),
                     [](const Tally::Row& a, const Tally::Row& b) {
                       return a.times > b.times;
                     });
  }
  return tallies;
}

std::string tally_text(const std::vector<Tally>& tallies) {
  std::string out;
  for (const Tally& tally : tallies) {
    out += "tally " + for_one_line(tally.scenario) + "\n";
    for (const Tally::Row& row : tally.rows) {
      out += fmt::format("      {} of {} {} ({})\n", row.times, tally.of,
                         for_one_line(row.observed), verdict_name(row.verdict));
    }
  }
  return out;
}

}  // namespace faultrig
