// A channel that is nil, a select without a case: Go's own words for it say
// that nothing can come (src/runtime/chan.go, select.go). That a goroutine
// waits for a lock, or on a channel that exists, says nothing: somebody may
// come yet. Of `select {}` in main.main programs make use, to live on.
//
// What is likely: two goroutines or more wait for locks, or one for a wait
// group, all are where they were a second ago, and whoever could hold a lock,
// or say Done, waits as well. One that sleeps, reads, or runs may come back.
#include "harness/judge/deadlock.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "harness/judge/crash_fate.h"
#include "harness/judge/finding.h"
#include "harness/judge/go_output.h"
#include "harness/judge/looks.h"
#include "harness/judge/printed_text.h"
#include "harness/model/observe.h"

namespace faultrig {

namespace {

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

// Has it a function of the program's on its stack, outside of which a test
// binary waits for its tests, and a server for connections?
bool is_of_the_program(const Observation& group) {
  if (group.stack == nullptr) {
    return false;
  }
  const std::vector<GoFrame>& frames = group.stack->frames;
  bool accepts =
      std::any_of(frames.begin(), frames.end(), [](const GoFrame& frame) {
        return frame.function == "net.(*netFD).accept";
      });
  return !accepts &&
         std::any_of(frames.begin(), frames.end(), [](const GoFrame& frame) {
           return !is_standard(frame.function) &&
                  !frame.file.ends_with("_testmain.go");
         });
}

bool is_as(const Observation& a, const Observation& b) {
  return a.action == b.action && a.number == b.number && a.names == b.names &&
         a.call == b.call && a.stack != nullptr && b.stack != nullptr &&
         *a.stack == *b.stack;
}

// Two looks at one process; what is about to exit waits for nobody.
struct Pair {
  const JudgedLook* last = nullptr;
  const JudgedLook* before = nullptr;  // null: none was so long before
};

std::vector<Pair> pairs_of(const std::vector<JudgedLook>& looks) {
  constexpr std::chrono::seconds kApart{1};
  std::map<std::int64_t, Pair> pairs;
  for (const JudgedLook& look : looks) {
    if (!look.failed && look.moment != look_moment_name(LookMoment::end)) {
      pairs[look.pid].last = &look;
    }
  }
  std::vector<Pair> out;
  for (auto& [pid, pair] : pairs) {
    for (const JudgedLook& look : looks) {
      bool early =
          look.pid == pid && !look.failed && look.at + kApart <= pair.last->at;
      pair.before = early ? &look : pair.before;
    }
    out.push_back(pair);
  }
  return out;
}

// What stands against a deadlock, or for one, in the two looks of a pair.
struct Weighed {
  std::vector<std::size_t> locks;
  std::int64_t waiting_for_locks = 0;
  std::vector<std::size_t> groups;      // that wait for a wait group
  std::optional<std::size_t> may_come;  // first that may go on
};

bool was_there(const Evidence& evidence, const JudgedLook& before,
               const Observation& group) {
  return std::any_of(
      before.groups.begin(), before.groups.end(),
      [&](std::size_t index) { return is_as(evidence.trace()[index], group); });
}

Weighed weigh(const Evidence& evidence, const Pair& pair) {
  constexpr std::array<std::string_view, 6> kBlocked{
      "mutex", "waitgroup", "cond", "chan send", "chan receive", "select"};
  Weighed out;
  for (std::size_t index : pair.last->groups) {
    const Observation& group = evidence.trace()[index];
    if (!is_of_the_program(group)) {
      continue;
    }
    std::string_view kind = class_of(group);
    bool blocked =
        std::find(kBlocked.begin(), kBlocked.end(), kind) != kBlocked.end();
    if (!blocked || !was_there(evidence, *pair.before, group)) {
      out.may_come = out.may_come ? out.may_come : index;
    } else if (kind == "mutex") {
      out.locks.push_back(index);
      out.waiting_for_locks += group.number;
    } else if (kind == "waitgroup") {
      out.groups.push_back(index);
    }
  }
  return out;
}

Finding likely_in(const Evidence& evidence, const Pair& pair) {
  if (pair.before == nullptr) {
    return cannot_tell("nobody looked twice, a second apart");
  }
  Weighed seen = weigh(evidence, pair);
  std::vector<std::size_t> cites =
      seen.waiting_for_locks >= 2 ? seen.locks : seen.groups;
  if (cites.empty()) {
    return answer(false, "no two wait for locks, and none for a wait group",
                  evidence);
  }
  if (!pair.last->whole || !pair.before->whole) {
    return cannot_tell("some wait for each other, but not all are known",
                       cites);
  }
  if (seen.may_come) {
    return cannot_tell("some wait, but one may come yet: " +
                           group_text(evidence.trace()[*seen.may_come]),
                       cites);
  }
  std::string text;
  for (std::size_t index : cites) {
    text += (text.empty() ? "" : "; ") + group_text(evidence.trace()[index]);
  }
  return answer(true, "as a second before: " + text, evidence, cites);
}

}  // namespace

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

Finding certain_deadlock(const Evidence& evidence) {
  std::int64_t looked_at = 0;
  bool all = true;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool of_hang = seen.action.empty();
    all = all && !(seen.fact == Fact::goroutines_unseen && of_hang);
    if (seen.fact != Fact::goroutines_seen &&
        seen.fact != Fact::goroutines_there) {
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

Finding likely_deadlock(const Evidence& evidence) {
  Finding best = certain_deadlock(evidence);
  if (best.verdict == Verdict::pass) {
    return best;
  }
  std::vector<JudgedLook> looks = looks_of(evidence);
  for (const Pair& pair : pairs_of(looks)) {
    Finding found = likely_in(evidence, pair);
    bool better =
        found.verdict == Verdict::pass || best.verdict != Verdict::inconclusive;
    best = better ? found : best;
    if (best.verdict == Verdict::pass) {
      break;
    }
  }
  return best;
}

}  // namespace faultrig
