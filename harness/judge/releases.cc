// A fault that was to last a while and lasted to the end makes another run than
// the one that was asked for. Where the workload died of it before it could be
// released, that is an answer, and no doubt.
#include "harness/judge/releases.h"

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

// What another fault told it to do is not what this one did to it.
bool was_told_by_another(const Evidence& evidence, FaultId id,
                         std::size_t end) {
  auto trace = evidence.trace().subspan(0, end);
  return std::any_of(trace.begin(), trace.end(), [id](const auto& seen) {
    return seen.fact == Fact::signal_sent && seen.fault >= 0 &&
           seen.fault != id;
  });
}

bool died_before(const Evidence& evidence, FaultId id) {
  const ExitChain& chain = evidence.exits();
  return !chain.empty() &&
         !was_told_by_another(evidence, id, chain.back().cite) &&
         chain.back().status && !chain.back().status->clean() &&
         chain.back().our_signal == 0 && !evidence.first(Fact::deadline_passed);
}

std::string fault_words(const Fault& fault) {
  return "fault " + in_quotes(fault.name);
}

std::optional<Finding> look_at(const Fault& fault, FaultId id,
                               const Evidence& evidence) {
  auto effect = evidence.first(Fact::fault_activated, id);
  auto released = evidence.first(Fact::fault_released, id);
  if (released && (!effect || *effect > *released)) {
    return cannot_tell(
        fault_words(fault) +
            " was released before it took effect: " + cite(evidence, *released),
        {*released});
  }
  if (released || !effect || died_before(evidence, id)) {
    return std::nullopt;
  }
  auto lost = evidence.first(Fact::release_lost, id);
  std::string why = lost ? " can no longer come, " +
                               for_one_line(evidence.trace()[*lost].text)
                         : " never came";
  return cannot_tell(fault_words(fault) + " was never released: its until, " +
                     fault.until->text() + "," + why);
}

}  // namespace

std::vector<Finding> unsound_releases(const Scenario& scenario,
                                      const Evidence& evidence) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    if (!fault.until || fault.optional) {
      continue;
    }
    if (auto found = look_at(fault, static_cast<FaultId>(i), evidence)) {
      found->place = fault.place;
      findings.push_back(std::move(*found));
    }
  }
  return findings;
}

}  // namespace faultrig
