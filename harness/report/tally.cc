#include "harness/report/tally.h"

#include <algorithm>
#include <map>

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
    tally.rows.push_back({0, end, judgement.verdict, judgement.repeat,
                          judgement.evidence, judgement.details});
    row = tally.rows.end() - 1;
  }
  if (judgement.repeat < row->first) {  // -j: the second may end first
    row->first = judgement.repeat;
    row->evidence = judgement.evidence;
    row->details = judgement.details;
  }
  ++row->times;
  ++tally.of;
}

const Tally::Row* first_row(const Tally& tally, bool passed) {
  for (const Tally::Row& row : tally.rows) {
    bool tells = row.verdict != Verdict::skipped;
    if (tells && (row.verdict == Verdict::pass) == passed) {
      return &row;
    }
  }
  return nullptr;
}

// What a row says, without what is another number each time.
std::string key_of(const TimelineRow& row) {
  std::string out = row.fact + " " + row.link + " ";
  for (char letter : row.text) {
    bool digit = letter >= '0' && letter <= '9';
    if (!digit || out.back() != '#') {
      out += digit ? '#' : letter;
    }
  }
  return out;
}

// The first row of `details` that `other` has not, or not as often; null for
// none. Not by their places: two processes may end in either order.
const TimelineRow* first_of_its_own(const RunDetails& details,
                                    const RunDetails& other) {
  std::map<std::string, int> left;
  for (const TimelineRow& row : other.rows) {
    ++left[key_of(row)];
  }
  for (const TimelineRow& row : details.rows) {
    if (--left[key_of(row)] < 0) {
      return &row;
    }
  }
  return nullptr;
}

std::string told(const TimelineRow& row, int repeat, int other) {
  return fmt::format("trace {} of #{}, which #{} has not: {}", row.index,
                     repeat, other, row.text);
}

}  // namespace

bool Tally::flaky() const {
  return first_row(*this, true) != nullptr &&
         first_row(*this, false) != nullptr;
}

std::string Tally::difference() const {
  const Row* good = first_row(*this, true);
  const Row* bad = first_row(*this, false);
  bool known = good != nullptr && bad != nullptr && good->details != nullptr &&
               bad->details != nullptr;
  if (!known) {
    return "";
  }
  const TimelineRow* of_bad = first_of_its_own(*bad->details, *good->details);
  const TimelineRow* of_good = first_of_its_own(*good->details, *bad->details);
  bool take_bad = of_bad != nullptr &&
                  (of_good == nullptr || of_bad->index <= of_good->index);
  if (take_bad) {
    return told(*of_bad, bad->first, good->first);
  }
  return of_good == nullptr ? "" : told(*of_good, good->first, bad->first);
}

std::vector<Tally> tallies_of(std::span<const Judgement> judgements) {
  std::vector<Tally> tallies;
  for (const Judgement& judgement : judgements) {
    if (judgement.repeat == 0 || !judgement.apart.not_run.empty()) {
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
      out += fmt::format("      {} of {} {} ({}), first #{}", row.times,
                         tally.of, for_one_line(row.observed),
                         verdict_name(row.verdict), row.first);
      out += row.evidence.empty() ? "" : ": " + for_one_line(row.evidence);
      out += "\n";
    }
    if (tally.flaky()) {
      std::string first = tally.difference();
      out +=
          "      flaky" +
          (first.empty() ? "" : ": differs first at " + for_one_line(first)) +
          "\n";
    }
  }
  return out;
}

}  // namespace faultrig
