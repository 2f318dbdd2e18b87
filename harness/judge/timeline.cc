// What execution traces say. A trace that is whole holds each wait that began
// while the tests ran, each stop of all goroutines, and each mark that the
// program set (runtime/trace: regions, tasks, logs). So of these a number is
// told as it is. Of a trace that is cut or lost more may have been, and only
// what more would not change is answered.
//
// Of a function a trace holds the moments at which something happened in it: it
// waited, made a system call, started a goroutine, set a mark. What it only
// computed nobody saw. So an order of functions can be seen to be kept; that it
// was not, only marks prove.
#include "harness/model/timeline.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/steps_order.h"
#include "harness/model/stepped_clock.h"

namespace faultrig {

namespace {

Section timeline_section() {
  Section section;
  section.name = "timeline";
  section.summary =
      "what the execution traces of `observe` say, of all test binaries "
      "together; of waits and pauses at least 1, if neither longest nor count "
      "is there";
  section.fields = {
      {.key = "blocked",
       .kind = Kind::choice,
       .summary = "waits of goroutines that began while the tests ran, for "
                  "this: channel, select, sync (a lock, a wait group, a "
                  "condition), network, sleep, syscall, forever, other (mostly "
                  "the runtime), any",
       .choices = wait_kinds()},
      {.key = "in",
       .kind = Kind::function,
       .summary = "only those in functions of this name, and in what they "
                  "called"},
      {.key = "gc",
       .kind = Kind::choice,
       .summary = "garbage collection: pause, all goroutines stood; cycle, "
                  "from its start to the end of its marking",
       .choices = {"cycle", "pause"}},
      {.key = "order",
       .kind = Kind::texts,
       .summary = "names, each only behind the one before it: of regions, "
                  "tasks and logs of runtime/trace (`category: message`), or "
                  "of functions in which the trace shows something; globs"},
      {.key = "per",
       .kind = Kind::choice,
       .summary = "in which order is asked for: on each goroutine by itself",
       .fallback = "goroutine",
       .choices = {"goroutine"}},
      {.key = "longest",
       .kind = Kind::time_bound,
       .summary = "so long the longest of them took"},
      {.key = "count", .kind = Kind::count, .summary = "so many they are"}};
  section.exactly_one_of = {{"blocked", "gc", "order"}};
  return section;
}

std::int64_t number_in(const Observation& seen, std::size_t name) {
  std::int64_t out = 0;
  if (name < seen.names.size()) {
    const std::string& text = seen.names[name];
    std::from_chars(text.data(), text.data() + text.size(), out);
  }
  return out;
}

// Which traces there are, and whether they hold all.
struct Traces {
  std::vector<std::size_t> kept;     // indices of the trace of observations
  std::optional<std::size_t> less;   // one that is lost or cut
  std::optional<std::size_t> old;    // one without the time of system calls
  std::optional<std::size_t> moved;  // a clock was stepped
};

bool is_less(const Observation& seen) {
  bool cut =
      seen.fact == Fact::trace_kept &&
      (seen.names.size() < kTraceNames || !seen.names[kTraceCut].empty());
  return cut || seen.fact == Fact::trace_lost;
}

bool is_old(const Observation& seen) {
  GoTimeline timeline;
  timeline.go = static_cast<int>(number_in(seen, kTraceForm));
  return timeline.is_old();
}

Traces traces_in(const Evidence& evidence) {
  Traces out;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::trace_kept) {
      out.kept.push_back(i);
      out.old = is_old(seen) && !out.old ? std::optional(i) : out.old;
    }
    if (is_less(seen) && !out.less) {
      out.less = i;
    }
    if (seen.fact == Fact::fault_activated && seen.action == kStepsClock) {
      out.moved = i;
    }
  }
  return out;
}

// What is asked for, and how much of it was seen.
struct Seen {
  std::string what;               // `waits for sync in 'orders.record'`
  std::vector<std::size_t> sure;  // indices of the trace
  std::vector<std::size_t> perhaps;
  std::int64_t times = 0;
  std::int64_t more = 0;              // that may be such
  std::int64_t longest_of_more = 0;   // of those
  std::optional<std::size_t> hidden;  // any number more, for this reason
  std::optional<std::size_t> moved;   // how long is not known
};

void add(const Evidence& evidence, std::size_t index, std::optional<bool> meant,
         Seen& out) {
  const Observation& seen = evidence.trace()[index];
  std::int64_t times = number_in(seen, kWaitTimes);
  if (!meant) {
    out.perhaps.push_back(index);
    out.more += times;
    out.longest_of_more = std::max(out.longest_of_more, seen.number);
  } else if (*meant) {
    out.sure.push_back(index);
    out.times += times;
  }
}

// Is this the wait that is asked for? Nothing: its stack does not say.
std::optional<bool> is_meant(const Observation& seen, const std::string& on,
                             const std::string& in) {
  if (on != "any" && seen.action != on) {
    return false;
  }
  CallOrigin origin;
  origin.in = in;
  return in.empty() ? std::optional(true)
                    : comes_from(origin, "", seen.stack.get());
}

Seen waits_in(const Evidence& evidence, const Traces& traces,
              const Params& params) {
  const auto& on = params.get<std::string>("blocked");
  auto in = params.get_or<std::string>("in", "");
  Seen out;
  out.what = (on == "any" ? "waits" : "waits for " + on) +
             (in.empty() ? "" : " in " + in_quotes(in));
  out.hidden = traces.less;
  if (!out.hidden && (on == kWaitsForCall || on == "any")) {
    out.hidden = traces.old;
  }
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::waited) {
      add(evidence, i, is_meant(seen, on, in), out);
    } else if (seen.fact == Fact::timeline_untold &&
               seen.action == fact_name(Fact::waited)) {
      out.more += seen.number;
      out.longest_of_more = std::max(out.longest_of_more, number_in(seen, 0));
    }
  }
  return out;
}

Seen collected_in(const Evidence& evidence, const Traces& traces,
                  const std::string& what) {
  Seen out;
  out.what = what == "pause" ? "pauses of garbage collection"
                             : "cycles of garbage collection";
  out.hidden = traces.less;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::collected && seen.action == what) {
      add(evidence, i, true, out);
    }
  }
  return out;
}

Finding check_count(const NumberTest& wanted, const Seen& seen,
                    const Evidence& evidence) {
  return answer_count(wanted,
                      std::to_string(seen.times) + " " + seen.what +
                          ", where " + wanted.text() + " was expected",
                      evidence,
                      {seen.times, seen.more, seen.hidden, seen.sure});
}

Finding check_longest(const NumberTest& wanted, const Seen& seen,
                      const Evidence& evidence) {
  if (seen.moved) {
    return cannot_tell(
        "how long it took is not known, as a clock was stepped: " +
            cite(evidence, *seen.moved),
        {*seen.moved});
  }
  auto longest = std::max_element(
      seen.sure.begin(), seen.sure.end(), [&](std::size_t a, std::size_t b) {
        return evidence.trace()[a].number < evidence.trace()[b].number;
      });
  if (longest == seen.sure.end()) {
    return seen.hidden
               ? cannot_tell("there were no " + seen.what +
                                 ", and not all is seen: " +
                                 cite(evidence, *seen.hidden),
                             {*seen.hidden})
               : cannot_tell("there were no " + seen.what, seen.perhaps);
  }
  std::int64_t most = evidence.trace()[*longest].number;
  std::string text = "the longest of " + std::to_string(seen.times) + " " +
                     seen.what + " took " + waited_text(most);
  std::int64_t bound =
      seen.hidden ? kNoBound : std::max(most, seen.longest_of_more);
  if (wanted.is_settled(most, bound)) {
    return answer(wanted.holds(most), text, evidence, {*longest});
  }
  return seen.hidden ? cannot_tell(text + ", and not all is seen: " +
                                       cite(evidence, *seen.hidden),
                                   {*longest})
                     : cannot_tell(text + ", and one of " + waited_text(bound) +
                                       " may be such: its place is not known",
                                   {*longest});
}

Finding check_amounts(const Params& params, const Seen& seen,
                      const Evidence& evidence) {
  const auto* longest = params.find<NumberTest>("longest");
  const auto* count = params.find<NumberTest>("count");
  if (count != nullptr || longest == nullptr) {
    NumberTest least{NumberTest::Operator::at_least, 1};
    Finding finding =
        check_count(count != nullptr ? *count : least, seen, evidence);
    if (longest == nullptr || finding.verdict != Verdict::pass) {
      return finding;
    }
  }
  return check_longest(*longest, seen, evidence);
}

Finding check_order(const std::vector<std::string>& names, const Traces& traces,
                    const Evidence& evidence) {
  StepsOrder order(names);
  std::vector<std::size_t> steps = all_of(evidence, Fact::steps_taken);
  for (std::size_t index : steps) {
    order.learn(evidence.trace()[index]);
  }
  for (std::size_t index : steps) {
    order.take(index, evidence.trace()[index]);
  }
  return order.finding(traces.kept, traces.less, evidence);
}

Finding check(const Params& params, const Evidence& evidence) {
  Traces traces = traces_in(evidence);
  if (traces.kept.empty()) {
    return traces.less ? cannot_tell("the trace is lost: " +
                                         cite(evidence, *traces.less),
                                     {*traces.less})
                       : cannot_tell("no execution trace was kept");
  }
  if (const auto* order = params.find<std::vector<std::string>>("order")) {
    return check_order(*order, traces, evidence);
  }
  Seen seen =
      params.has("blocked")
          ? waits_in(evidence, traces, params)
          : collected_in(evidence, traces, params.get<std::string>("gc"));
  seen.moved = traces.moved;
  return check_amounts(params, seen, evidence);
}

}  // namespace

const ExpectationType& timeline_expectation() {
  static const Section section = timeline_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
