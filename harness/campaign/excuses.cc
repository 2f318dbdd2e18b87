#include "harness/campaign/excuses.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/catalogue.h"

namespace faultrig {

void Excuses::add_baseline(const std::vector<Judgement>& earlier,
                           const std::string& file) {
  baseline_ = file;
  std::set<std::string> flaky;
  for (const Judgement& judgement : earlier) {
    std::string one = absolute_file(judgement.file);
    bool same = !is_good(judgement.verdict) &&
                known_.emplace(one, known_of(judgement)).first->second ==
                    known_of(judgement);
    // Two names that are no UTF-8 may be one in a report.
    if (!same || one.find("\xef\xbf\xbd") != std::string::npos) {
      flaky.insert(one);
    }
  }
  for (const std::string& one : flaky) {
    known_.erase(one);
  }
}

Excuses::Known Excuses::known_of(const Judgement& judgement) {
  return {judgement.verdict, judgement.observed};
}

bool Excuses::is_known(const Judgement& judgement) const {
  auto known = known_.find(absolute_file(judgement.file));
  return known != known_.end() && known->second == known_of(judgement);
}

std::vector<std::string> Excuses::unknown(
    const std::vector<std::string>& scenarios) const {
  std::vector<std::string> out;
  for (const Quarantined& row : quarantine_) {
    if (std::none_of(scenarios.begin(), scenarios.end(),
                     [&](const std::string& name) {
                       return glob_match(row.scenario, name);
                     })) {
      out.push_back(row.scenario);
    }
  }
  return out;
}

void Excuses::add_quarantine(std::vector<Quarantined> rows,
                             const std::string& today) {
  quarantine_ = std::move(rows);
  today_ = today;
}

const Quarantined* Excuses::row_of(const std::string& scenario) const {
  for (const Quarantined& row : quarantine_) {
    if (glob_match(row.scenario, scenario)) {
      return &row;
    }
  }
  return nullptr;
}

Judgement Excuses::looked_at(Judgement judgement) const {
  if (is_good(judgement.verdict)) {
    return judgement;
  }
  const Quarantined* row = row_of(judgement.scenario);
  if (is_known(judgement)) {
    judgement.apart.excused = "known: so it was in " + baseline_;
  } else if (row != nullptr && today_ <= row->until) {
    judgement.apart.excused =
        "in quarantine until " + row->until + ": " + row->because;
  } else if (row != nullptr) {
    Finding over;
    over.verdict = judgement.verdict;
    over.because =
        "its quarantine ended on " + row->until + ": " + row->because;
    judgement.findings.push_back(std::move(over));
  }
  return judgement;
}

}  // namespace faultrig
