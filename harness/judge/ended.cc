// How long the workload lived on after a fault: from the first time the fault
// took effect to the end of the last process of the exit chain.
#include <algorithm>

#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

Section ended_section() {
  Section section;
  section.name = "ended";
  section.summary = "time from a fault's first effect to the workload's end";
  section.fields = {
      {.key = "within",
       .kind = Kind::duration,
       .summary = "the longest time allowed",
       .required = true},
      {.key = "after",
       .kind = Kind::text,
       .summary = "the fault: its name, or else the name of its injector; "
                  "the first fault if absent"}};
  return section;
}

std::optional<std::size_t> first_effect(const Evidence& evidence,
                                        const std::vector<FaultId>& faults) {
  std::optional<std::size_t> first;
  for (FaultId fault : faults) {
    auto found = evidence.first(Fact::fault_activated, fault);
    if (found && (!first || *found < *first)) {
      first = found;
    }
  }
  return first;
}

const LinkEnd* last_end(const Evidence& evidence) {
  const LinkEnd* last = nullptr;
  for (const LinkEnd& end : evidence.exits()) {
    if (end.status && (last == nullptr || end.cite > last->cite)) {
      last = &end;
    }
  }
  return last;
}

Finding check(const Params& params, const Evidence& evidence) {
  auto within = params.get_or("within", nanoseconds(0));
  const auto* after = params.find<std::string>("after");
  std::vector<FaultId> faults{0};
  if (after != nullptr) {
    faults = evidence.faults_named(*after);
  }
  auto start = first_effect(evidence, faults);
  const LinkEnd* last = last_end(evidence);
  if (!start) {
    return cannot_tell(
        "no fault took effect, so there is nothing to count from");
  }
  if (last == nullptr) {
    return answer(false, "the workload was not seen to end", evidence,
                  {*start});
  }
  std::size_t end = last->cite;
  // Of what we stopped, the others' end is a consequence.
  bool ours =
      std::any_of(evidence.exits().begin(), evidence.exits().end(),
                  [](const LinkEnd& one) { return one.our_signal != 0; });
  if (ours) {
    return answer(false, "it did not end by itself: faultrig ended it",
                  evidence, {*start, end});
  }
  nanoseconds took = evidence.trace()[end].at - evidence.trace()[*start].at;
  if (took < nanoseconds(0)) {
    return answer(false, "the workload ended before the fault took effect",
                  evidence, {end, *start});
  }
  return answer(took <= within,
                "ended " + format_elapsed(took) +
                    " after the fault, expected within " +
                    format_duration(within),
                evidence, {*start, end});
}

}  // namespace

const ExpectationType& ended_expectation() {
  static const Section section = ended_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
