// What the workload's own spans say. A span comes when it is over and its
// exporter sends it; what a process still held when it ended never comes, and
// nobody knows what that was. So where one may have taken spans along, a number
// is told only as far as more of them would not change the answer.
//
// A span is during a fault where it was under way when the fault took effect,
// in its own process where both say which that is, or at any time from there to
// the fault's release. What the kernel counts is looked at a few milliseconds
// later: a span that ended so shortly before may be meant, or not. So may one
// whose clock was stepped, or goes by milliseconds.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/model/span.h"
#include "harness/model/stepped_clock.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// What is not answered by us is told at most so late.
constexpr std::chrono::milliseconds kToldLate{10};

Section spans_section() {
  Section section;
  section.name = "spans";
  section.summary =
      "spans that the workload exported, where `observe` receives them; at "
      "least 1, if neither count nor longest is there";
  section.fields = {
      {.key = "status",
       .kind = Kind::choice,
       .summary = "only those that ended so",
       .choices = {"error", "ok", "unset"}},
      {.key = "name", .kind = Kind::glob, .summary = "what they are called"},
      {.key = "during",
       .kind = Kind::text,
       .summary = "only those that were under way when this fault took effect, "
                  "or from there to its release; its name, or else the name "
                  "of its injector"},
      {.key = "longest",
       .kind = Kind::time_bound,
       .summary = "so long the longest of them took"},
      {.key = "count", .kind = Kind::count, .summary = "so many they are"}};
  section.needs_any = true;
  return section;
}

nanoseconds start_of(const Observation& span) {
  return span.at - nanoseconds(span.number);
}

bool is_of_counter(const Observation& seen) {
  return seen.source == Source::kernel || seen.source == Source::cgroup;
}

// Its clock is so coarse.
nanoseconds slack_of(const Observation& span) {
  bool coarse =
      span.names.size() > kSpanClock && span.names[kSpanClock] == kCoarseClock;
  return coarse ? std::chrono::milliseconds(1) : nanoseconds(0);
}

// Is each effect of this fault told, call by call, or only that it began?
bool goes_on(const Evidence& evidence, FaultId id) {
  auto trace = evidence.trace();
  return std::none_of(trace.begin(), trace.end(), [id](const auto& seen) {
    bool led = seen.action == "redirect";
    return seen.fault == id && ((seen.fact == Fact::call_intercepted && !led) ||
                                seen.fact == Fact::limit_hit);
  });
}

// The first effect that stepped a clock: what spans say of time is not known
// then.
std::optional<std::size_t> stepped_clock(const Evidence& evidence) {
  auto trace = evidence.trace();
  auto found = std::find_if(trace.begin(), trace.end(), [](const auto& seen) {
    return seen.fact == Fact::fault_activated && seen.action == kStepsClock;
  });
  return found == trace.end()
             ? std::nullopt
             : std::optional<std::size_t>(found - trace.begin());
}

// When a fault did something, and to whom.
class Effects {
 public:
  Effects(const Evidence& evidence, const std::string& fault)
      : stepped_(stepped_clock(evidence).has_value()) {
    for (const Observation& seen : evidence.trace()) {
      if (seen.fact != Fact::span && seen.pid > 0) {
        pids_.insert(seen.pid);
      }
    }
    for (FaultId id : evidence.faults_named(fault)) {
      add(evidence, id);
    }
  }

  bool none() const { return moments_.empty(); }

  // Nothing: nobody knows.
  std::optional<bool> hit(const Observation& span) const {
    Answer most = untold_ ? Answer::perhaps : Answer::no;
    for (const Observation* moment : moments_) {
      most = std::max(most, met(*moment, span));
    }
    for (const Window& window : windows_) {
      most = std::max(most, met(window, span));
    }
    return stepped_ || most == Answer::perhaps
               ? std::nullopt
               : std::optional(most == Answer::yes);
  }

 private:
  enum class Answer { no, perhaps, yes };
  struct Window {
    nanoseconds from;
    nanoseconds to;
    bool sure = true;
  };

  void add(const Evidence& evidence, FaultId id) {
    auto first = evidence.first(Fact::fault_activated, id);
    auto released = evidence.first(Fact::fault_released, id);
    auto end = evidence.first(Fact::run_ended);
    for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
      const Observation& seen = evidence.trace()[i];
      bool its = seen.fault == id;
      if (its && seen.fact == Fact::fault_activated) {
        moments_.push_back(&seen);
        // Proved when all was over: nobody saw when it was.
        untold_ = untold_ || (end && i > *end);
      }
      untold_ = untold_ || (its && seen.fact == Fact::effects_untold);
    }
    if (first && released) {
      windows_.push_back(
          {evidence.trace()[*first].at, evidence.trace()[*released].at});
    } else if (first && goes_on(evidence, id)) {
      windows_.push_back(
          {evidence.trace()[*first].at, nanoseconds::max(), false});
    }
  }

  Answer met(const Observation& moment, const Observation& span) const {
    nanoseconds slack = slack_of(span);
    nanoseconds start = start_of(span);
    nanoseconds late =
        moment.source == Source::seccomp ? nanoseconds(0) : kToldLate;
    nanoseconds before = is_of_counter(moment) ? kToldLate : nanoseconds(0);
    Answer same = is_its_process(moment, span);
    bool sure =
        start + slack + before <= moment.at && moment.at + slack <= span.at;
    bool can_be =
        start <= moment.at + slack && moment.at <= span.at + slack + late;
    return std::min(same, sure     ? Answer::yes
                          : can_be ? Answer::perhaps
                                   : Answer::no);
  }

  static Answer met(const Window& window, const Observation& span) {
    nanoseconds slack = slack_of(span);
    nanoseconds start = start_of(span);
    bool sure = window.sure && start + slack <= window.to &&
                span.at >= window.from + slack;
    bool can_be = start - slack <= window.to && span.at + slack >= window.from;
    return sure ? Answer::yes : can_be ? Answer::perhaps : Answer::no;
  }

  // Numbers that nobody has seen may be of another namespace.
  Answer is_its_process(const Observation& moment,
                        const Observation& span) const {
    if (moment.pid <= 0 || span.pid <= 0 || moment.pid == span.pid) {
      return Answer::yes;
    }
    return pids_.contains(span.pid) ? Answer::no : Answer::perhaps;
  }

  std::set<std::int64_t> pids_;
  std::vector<const Observation*> moments_;
  std::vector<Window> windows_;
  bool untold_ = false;
  bool stepped_ = false;
};

struct Found {
  std::vector<std::size_t> sure;  // indices of the trace
  std::vector<std::size_t> perhaps;
  bool any = false;                 // a span of any name came
  std::optional<std::size_t> lost;  // more may have been
};

// Nothing: its name is cut, and the rest of it is not known.
std::optional<bool> is_asked_for(const Observation& seen,
                                 const Params& params) {
  const auto* name = params.find<std::string>("name");
  const auto* status = params.find<std::string>("status");
  if (status != nullptr && seen.action != *status) {
    return false;
  }
  if (name == nullptr) {
    return true;
  }
  bool fits = seen.text == *name || glob_match(*name, seen.text);
  bool cut = seen.text.size() >= kLongestSpanText;
  return cut && !(fits && name->ends_with('*')) ? std::nullopt
                                                : std::optional(fits);
}

bool loses_spans(const Observation& seen) {
  return seen.fact == Fact::spans_lost || seen.fact == Fact::leftover ||
         seen.fact == Fact::oom_kill;
}

// Nothing: perhaps.
std::optional<bool> both(std::optional<bool> one, std::optional<bool> other) {
  bool no = !one.value_or(true) || !other.value_or(true);
  return no             ? std::optional(false)
         : one && other ? std::optional(true)
                        : std::nullopt;
}

Found found_in(const Evidence& evidence, const Params& params,
               const std::optional<Effects>& effects) {
  Found out;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    out.lost = loses_spans(seen) && !out.lost ? std::optional(i) : out.lost;
    if (seen.fact != Fact::span) {
      continue;
    }
    out.any = true;
    auto meant = both(is_asked_for(seen, params),
                      effects ? effects->hit(seen) : std::optional(true));
    if (meant.value_or(true)) {
      (meant ? out.sure : out.perhaps).push_back(i);
    }
  }
  return out;
}

// `spans 'HTTP GET', error, during 'slow'`.
std::string words_of(const Params& params) {
  std::string out = "spans";
  if (const auto* name = params.find<std::string>("name")) {
    out += " " + in_quotes(*name);
  }
  if (const auto* status = params.find<std::string>("status")) {
    out += ", " + *status;
  }
  if (const auto* during = params.find<std::string>("during")) {
    out += ", during " + in_quotes(*during);
  }
  return out;
}

Finding check_count(const Params& params, const Found& found,
                    const Evidence& evidence) {
  NumberTest wanted =
      params.get_or("count", NumberTest{NumberTest::Operator::at_least, 1});
  auto times = static_cast<std::int64_t>(found.sure.size());
  auto more = static_cast<std::int64_t>(found.perhaps.size());
  std::string what = std::to_string(times) + " " + words_of(params) +
                     ", where " + wanted.text() + " was expected";
  if (!wanted.is_settled(times, times + more)) {
    return cannot_tell(what + ", and " + std::to_string(more) +
                           " more may be such: when the fault took effect, "
                           "or when they were, or their whole names are not "
                           "known so well",
                       found.perhaps);
  }
  Counted counted{times, more, found.lost, found.sure};
  Finding finding = answer_count(wanted, what, evidence, std::move(counted));
  if (finding.verdict == Verdict::pass && !found.any) {
    return cannot_tell(what +
                       ", and none of any name came: nothing shows that the "
                       "workload exports spans");
  }
  return finding;
}

std::optional<std::size_t> longest_of(const std::vector<std::size_t>& spans,
                                      const Evidence& evidence) {
  auto found = std::max_element(
      spans.begin(), spans.end(), [&](std::size_t one, std::size_t other) {
        return evidence.trace()[one].number < evidence.trace()[other].number;
      });
  return found == spans.end() ? std::nullopt : std::optional(*found);
}

Finding check_longest(const Params& params, const Found& found,
                      const Evidence& evidence) {
  if (auto stepped = stepped_clock(evidence)) {
    return cannot_tell(
        "how long spans took is not known, as a clock was "
        "stepped: " +
            cite(evidence, *stepped),
        {*stepped});
  }
  const auto& wanted = params.get<NumberTest>("longest");
  auto longest = longest_of(found.sure, evidence);
  auto doubtful = longest_of(found.perhaps, evidence);
  if (!longest && !doubtful) {
    return found.lost ? cannot_tell("no such span came, and some are lost: " +
                                        cite(evidence, *found.lost),
                                    {*found.lost})
                      : cannot_tell("no such span came: " + words_of(params));
  }
  std::int64_t took = longest ? evidence.trace()[*longest].number : 0;
  std::int64_t most =
      doubtful ? std::max(took, evidence.trace()[*doubtful].number) : took;
  std::string text = "the longest of " + words_of(params) + " took " +
                     format_elapsed(nanoseconds(took));
  if (longest && wanted.is_settled(took, found.lost ? kNoBound : most)) {
    return answer(wanted.holds(took), text, evidence, {*longest});
  }
  std::string why =
      found.lost ? ", and some are lost: " + cite(evidence, *found.lost)
                 : ", and others may be such: when the fault took effect, or "
                   "when they were, or their whole names are not known so "
                   "well";
  return cannot_tell(text + why,
                     longest ? std::vector{*longest} : std::vector{*doubtful});
}

Finding check(const Params& params, const Evidence& evidence) {
  std::optional<Effects> effects;
  if (const auto* during = params.find<std::string>("during")) {
    effects.emplace(evidence, *during);
    if (effects->none()) {
      return cannot_tell("fault " + in_quotes(*during) +
                         " took no effect: nothing was during it");
    }
  }
  Found found = found_in(evidence, params, effects);
  bool timed = params.has("longest");
  Finding finding;
  if (!timed || params.has("count")) {
    finding = check_count(params, found, evidence);
  }
  bool good = !params.has("count") || finding.verdict == Verdict::pass;
  return timed && good ? check_longest(params, found, evidence) : finding;
}

}  // namespace

const ExpectationType& spans_expectation() {
  static const Section section = spans_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
