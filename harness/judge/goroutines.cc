// What goroutines were at in the dumps of the output: Go's own word for it, or
// its class, which is the same in every version of Go. A dump is what the
// runtime printed when it gave a program up, below the headline that says why:
// a stack that a program prints itself looks the same, and is none.
#include <algorithm>
#include <map>

#include "harness/judge/crash_fate.h"
#include "harness/judge/deadlock.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/go_output.h"
#include "harness/judge/growth.h"
#include "harness/judge/printed_text.h"

namespace faultrig {

namespace {

Section goroutines_section() {
  Section section;
  section.name = "goroutines";
  section.summary =
      "goroutines in the dump that the Go runtime made of a program that ended "
      "by it, no stack that a program printed itself; or, by grows, leaked and "
      "deadlock, those that faultrig saw from outside";
  section.needs_any = true;
  section.fields = {
      {.key = "state",
       .kind = Kind::text,
       .summary = "Go's own word, or a class: mutex, waitgroup, cond, chan "
                  "receive, chan send, select, io, syscall, sleep, running, "
                  "runnable, runtime",
       .filled = true},
      {.key = "in",
       .kind = Kind::text,
       .summary = "a function anywhere on the stack",
       .filled = true},
      {.key = "at_least",
       .kind = Kind::integer,
       .summary = "so many of them; 1 when at_most is absent too"},
      {.key = "at_most",
       .kind = Kind::integer,
       .summary = "so many of them, or fewer"},
      {.key = "deadlock",
       .kind = Kind::choice,
       .summary = "certain: when it hung one stood where nothing can ever wake "
                  "it, as faultrig saw from outside, or the runtime gave it up "
                  "since all were asleep; likely: that, or locks and wait "
                  "groups were waited for in two looks a second apart "
                  "(observe), and nobody else was about",
       .choices = {"certain", "likely"}},
      {.key = "grows",
       .kind = Kind::choice,
       .summary =
           "none: from look to look (observe, at test or every so "
           "often) there are not more and more of a kind; some: there are",
       .choices = {"none", "some"}},
      {.key = "leaked",
       .kind = Kind::choice,
       .summary = "none: none waits for ever, none grows, and as it exits none "
                  "is left; some: one waits for ever, or grows",
       .choices = {"none", "some"}},
      {.key = "ignore",
       .kind = Kind::texts,
       .summary = "beside grows or leaked: functions; goroutines with one of "
                  "them on the stack, or made by it, do not count"}};
  section.at_most_one_of = {{"deadlock", "grows", "leaked"}};
  return section;
}

bool stands_in(const Goroutine& goroutine, const std::string& function) {
  return std::any_of(goroutine.frames.begin(), goroutine.frames.end(),
                     [&](const Frame& frame) {
                       return names_function(frame.function, function);
                     });
}

// Where nobody ended as a crash does, its headline may have been printed too.
bool may_have_crashed(const Evidence& evidence) {
  const ExitChain& chain = evidence.exits();
  return chain.empty() ||
         std::any_of(chain.begin(), chain.end(), [](const LinkEnd& end) {
           return !end.status || !end.status->exited() ||
                  is_of_a_crash(*end.status);
         });
}

struct Count {
  std::int64_t matching = 0;
  std::int64_t all = 0;
  std::size_t printed = 0;            // by the program itself
  std::map<std::string, int> states;  // of those in the function

  void look(const std::string& text, const Params& params) {
    GoOutput output = parse_go_output(text);
    printed += output.goroutines.size();
    for (const GoCrash& crash : output.crashes) {
      if (printed_doubt(crash).fate == CrashFate::lived) {
        continue;
      }
      printed -= crash.end - crash.first;
      for (std::size_t i = crash.first; i < crash.end; ++i) {
        add(output.goroutines[i], params);
      }
    }
  }

  std::string text() const {
    std::string text = std::to_string(matching) + " of " + std::to_string(all) +
                       " dumped goroutines are so";
    int shown = 0;
    for (const auto& [state, count] : states) {
      if (++shown > 8) {
        return text + ", ... and " + std::to_string(states.size() - 8) +
               " more states";
      }
      text += (shown == 1 ? "; states: " : ", ") + std::to_string(count) + " " +
              in_quotes(state);
    }
    return text;
  }

 private:
  void add(const Goroutine& goroutine, const Params& params) {
    const auto* state = params.find<std::string>("state");
    const auto* function = params.find<std::string>("in");
    ++all;
    if (function != nullptr && !stands_in(goroutine, *function)) {
      return;
    }
    ++states[goroutine.state];
    matching += state == nullptr || goroutine.state == *state ||
                        goroutine.state_class == *state
                    ? 1
                    : 0;
  }
};

std::string seen_text(const Count& count, bool cut) {
  std::string seen =
      count.all == 0 ? "no goroutine dump in the output" : count.text();
  if (count.printed > 0) {
    seen += "; " + std::to_string(count.printed) +
            " stacks that a program printed itself are none";
  }
  return seen + (cut && count.all > 0 ? ", and output was cut" : "");
}

Finding check_dumped(const Params& params, const Evidence& evidence) {
  const auto* least = params.find<std::int64_t>("at_least");
  const auto* most = params.find<std::int64_t>("at_most");
  Count count;
  count.look(printed_text(evidence), params);
  count.look(evidence.err(), params);
  bool enough = least != nullptr ? count.matching >= *least
                                 : most != nullptr || count.matching >= 1;
  bool few = most == nullptr || count.matching <= *most;
  // A dump that is not there, shows the one goroutine that printed it, or was
  // cut says nothing of those that it does not show.
  bool cut = !all_of(evidence, Fact::output_cut).empty();
  std::string seen = seen_text(count, cut);
  if (count.all > 0 && !may_have_crashed(evidence)) {
    return cannot_tell(seen + ", but no program is known to have ended so");
  }
  if (most != nullptr && few && (count.all <= 1 || cut)) {
    return cannot_tell(seen + (count.all == 1 ? ", the only one" : "") +
                       ": how many there were is not known");
  }
  if (!enough && cut) {
    return cannot_tell(seen);
  }
  return answer(count.all > 0 && enough && few, seen, evidence);
}

bool asks_of_a_dump(const Params& params) {
  return params.has("state") || params.has("in") || params.has("at_least") ||
         params.has("at_most");
}

// `some` is met by what breaks `none`.
Finding as_asked(const Params& params, const char* key, Finding none) {
  bool some = params.get<std::string>(key) == "some";
  if (some && none.verdict != Verdict::inconclusive) {
    none.verdict =
        none.verdict == Verdict::pass ? Verdict::fail : Verdict::pass;
  }
  return none;
}

Finding check(const Params& params, const Evidence& evidence) {
  auto ignored = params.get_or<std::vector<std::string>>("ignore", {});
  if (params.has("grows")) {
    return as_asked(params, "grows", none_grows(evidence, ignored));
  }
  if (params.has("leaked")) {
    return as_asked(params, "leaked", none_leaked(evidence, ignored));
  }
  if (!params.has("deadlock")) {
    return check_dumped(params, evidence);
  }
  Finding found = params.get<std::string>("deadlock") == "likely"
                      ? likely_deadlock(evidence)
                      : certain_deadlock(evidence);
  return found.verdict == Verdict::pass && asks_of_a_dump(params)
             ? check_dumped(params, evidence)
             : found;
}

}  // namespace

const ExpectationType& goroutines_expectation() {
  static const Section section = goroutines_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
