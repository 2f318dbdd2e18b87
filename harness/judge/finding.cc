#include "harness/judge/finding.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostShown = 3;
// A run can intercept a million calls; a finding names the first of them.
constexpr std::size_t kMostCites = 100;

}  // namespace

std::string cite(const Evidence& evidence, std::size_t index) {
  const Observation& observation = evidence.trace()[index];
  std::string_view name;
  const auto& names = evidence.parts().fault_names;
  if (observation.fault >= 0 &&
      static_cast<std::size_t>(observation.fault) < names.size()) {
    name = names[static_cast<std::size_t>(observation.fault)];
  }
  return "trace " + std::to_string(index) + ": " + describe(observation, name) +
         " at " + format_elapsed(observation.at);
}

std::string cite_all(const Evidence& evidence,
                     const std::vector<std::size_t>& cites) {
  std::string line;
  for (std::size_t i = 0; i < std::min(kMostShown, cites.size()); ++i) {
    line += (i == 0 ? "" : "; ") + cite(evidence, cites[i]);
  }
  if (cites.size() > kMostShown) {
    line += "; ... and " + std::to_string(cites.size() - kMostShown) + " more";
  }
  return line;
}

Finding answer(bool holds, const std::string& what, const Evidence& evidence,
               std::vector<std::size_t> cites) {
  Finding finding;
  finding.verdict = holds ? Verdict::pass : Verdict::fail;
  finding.because = what;
  if (!cites.empty()) {
    std::string seen = cite_all(evidence, cites);
    finding.because = what.empty() ? seen : what + " (" + seen + ")";
  }
  cites.resize(std::min(cites.size(), kMostCites));
  finding.cites = std::move(cites);
  return finding;
}

Finding cannot_tell(std::string because, std::vector<std::size_t> cites) {
  Finding finding;
  finding.verdict = Verdict::inconclusive;
  finding.because = std::move(because);
  finding.cites = std::move(cites);
  return finding;
}

Finding answer_count(const NumberTest& wanted, const std::string& what,
                     const Evidence& evidence, Counted counted) {
  constexpr std::int64_t kAnyNumber = std::numeric_limits<std::int64_t>::max();
  std::int64_t most =
      counted.hidden ? kAnyNumber : counted.times + counted.perhaps;
  if (wanted.is_settled(counted.times, most)) {
    return answer(wanted.holds(counted.times), what, evidence,
                  std::move(counted.cites));
  }
  if (counted.hidden) {
    return cannot_tell(
        what + ", and more may be hidden: " + cite(evidence, *counted.hidden),
        {*counted.hidden});
  }
  return cannot_tell(what + ", and " + std::to_string(counted.perhaps) +
                         " more calls may be such",
                     std::move(counted.cites));
}

Counted count_effects(const std::vector<FaultId>& faults,
                      const Evidence& evidence) {
  Counted counted;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool its =
        std::find(faults.begin(), faults.end(), seen.fault) != faults.end();
    if (its && seen.fact == Fact::fault_activated) {
      ++counted.times;
      counted.cites.push_back(i);
    } else if (its && seen.fact == Fact::effects_untold) {
      counted.times += seen.number;
      counted.cites.push_back(i);
    } else if (seen.fact == Fact::calls_untold && seen.call.empty()) {
      counted.perhaps += seen.number;  // of an older faultrig: effects too
    }
  }
  return counted;
}

std::optional<std::size_t> hidden_calls(const Evidence& evidence,
                                        const std::vector<std::string>& calls) {
  if (auto first = evidence.first(Fact::calls_hidden)) {
    return first;
  }
  for (std::size_t index : all_of(evidence, Fact::answered_before)) {
    const std::string& call = evidence.trace()[index].call;
    if (calls.empty() ||
        std::find(calls.begin(), calls.end(), call) != calls.end()) {
      return index;
    }
  }
  return std::nullopt;
}

std::vector<std::size_t> all_of(const Evidence& evidence, Fact fact) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    if (evidence.trace()[i].fact == fact) {
      found.push_back(i);
    }
  }
  return found;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 120;
  bool cut = text.size() > kLongest;
  return "'" + for_one_line(text.substr(0, kLongest)) + (cut ? "...'" : "'");
}

}  // namespace faultrig
