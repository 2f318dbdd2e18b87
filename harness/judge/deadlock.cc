// A channel that is nil, a select without a case: Go's own words for it say
// that nothing can come (src/runtime/chan.go, select.go). That a goroutine
// waits for a lock, or on a channel that exists, says nothing: somebody may
// come yet. Of `select {}` in main.main programs make use, to live on.
#include "harness/judge/deadlock.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/judge/crash_fate.h"
#include "harness/judge/finding.h"
#include "harness/judge/go_output.h"
#include "harness/judge/printed_text.h"

namespace faultrig {

namespace {

bool waits_for_ever(const Observation& seen) {
  constexpr std::array<std::string_view, 2> kNil{"chan receive (nil chan)",
                                                 "chan send (nil chan)"};
  const std::string& state = seen.action;
  if (std::find(kNil.begin(), kNil.end(), state) != kNil.end() ||
      state.ends_with(" (leaked)")) {
    return true;
  }
  return state == "select (no cases)" && seen.stack != nullptr &&
         seen.stack->unknown.empty() && !seen.stack->frames.empty() &&
         seen.stack->frames.back().function != "main.main";
}

bool is_meant_or_not(const Observation& seen) {
  return seen.action == "select (no cases)" &&
         (seen.stack == nullptr || !seen.stack->unknown.empty());
}

bool crashed(const Evidence& evidence) {
  return std::any_of(evidence.exits().begin(), evidence.exits().end(),
                     [](const LinkEnd& end) {
                       return end.status && is_of_a_crash(*end.status);
                     });
}

// The headline of the runtime's own end of a program that is all asleep.
bool all_were_asleep(const std::string& printed) {
  GoOutput output = parse_go_output(printed);
  return std::any_of(output.crashes.begin(), output.crashes.end(),
                     [](const GoCrash& crash) {
                       return crash.kind == CrashKind::fatal &&
                              crash.text.starts_with(
                                  "all goroutines are asleep - deadlock!") &&
                              printed_doubt(crash).fate == CrashFate::ended;
                     });
}

}  // namespace

Finding certain_deadlock(const Evidence& evidence) {
  std::int64_t looked_at = 0;
  bool all = true;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    all = all && seen.fact != Fact::goroutines_unseen;
    if (seen.fact != Fact::goroutines_seen) {
      continue;
    }
    looked_at += seen.number;
    all = all && !is_meant_or_not(seen);
    if (waits_for_ever(seen)) {
      return answer(true, "it waits for ever", evidence, {i});
    }
  }
  if (crashed(evidence) && (all_were_asleep(printed_text(evidence)) ||
                            all_were_asleep(evidence.err()))) {
    return answer(true, "the runtime ended it since all were asleep", evidence);
  }
  if (looked_at == 0) {
    return cannot_tell(
        "it did not hang, or nobody could look at its goroutines");
  }
  std::string none = "of " + std::to_string(looked_at) +
                     " goroutines none is known to wait for ever";
  return all ? answer(false, none, evidence)
             : cannot_tell(none + ", but not all are known");
}

}  // namespace faultrig
