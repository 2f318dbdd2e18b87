// What the workload's own spans say. A span comes when it is over and its
// exporter sends it; what a process still held when it ended never comes, and
// nobody knows what that was. So where one may have taken spans along, a number
// is told only as far as more of them would not change the answer.
//
// A span is during a fault where it was under way when the fault took effect,
// in its own process where both say which that is, or at any time from there to
// the fault's release. What the kernel counts is looked at a few milliseconds
// later: a span that ended so shortly before may be meant, or not.
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

// When a fault did something, and to whom.
class Effects {
 public:
  Effects(const Evidence& evidence, const std::string& fault) {
    for (const Observation& seen : evidence.trace()) {
      if (seen.fact != Fact::span && seen.pid > 0) {
        pids_.insert(seen.pid);
      }
    }
    for (FaultId id : evidence.faults_named(fault)) {
      add(evidence, id);
    }
  }

  // Nothing: nobody knows.
  std::optional<bool> hit(const Observation& span) const {
    bool perhaps = untold_;
    for (const Observation* moment : moments_) {
      if (start_of(span) > moment->at || is_of_another(*moment, span)) {
        continue;
      }
      if (span.at >= moment->at) {
        return true;
      }
      perhaps = perhaps || (moment->source != Source::seccomp &&
                            span.at + kToldLate >= moment->at);
    }
    bool within = std::any_of(
        windows_.begin(), windows_.end(), [&](const Window& window) {
          return start_of(span) <= window.to && span.at >= window.from;
        });
    return within ? std::optional(true)
                  : (perhaps ? std::nullopt : std::optional(false));
  }

 private:
  struct Window {
    nanoseconds from;
    nanoseconds to;
  };

  void add(const Evidence& evidence, FaultId id) {
    auto first = evidence.first(Fact::fault_activated, id);
    auto released = evidence.first(Fact::fault_released, id);
    for (const Observation& seen : evidence.trace()) {
      bool its = seen.fault == id;
      if (its && seen.fact == Fact::fault_activated) {
        moments_.push_back(&seen);
      }
      untold_ = untold_ || (its && seen.fact == Fact::effects_untold);
    }
    if (first && released) {
      windows_.push_back(
          {evidence.trace()[*first].at, evidence.trace()[*released].at});
    }
  }

  // Numbers that nobody has seen are of another namespace.
  bool is_of_another(const Observation& moment, const Observation& span) const {
    return moment.pid > 0 && pids_.contains(span.pid) && moment.pid != span.pid;
  }

  std::set<std::int64_t> pids_;
  std::vector<const Observation*> moments_;
  std::vector<Window> windows_;
  bool untold_ = false;
};

struct Found {
  std::vector<std::size_t> sure;  // indices of the trace
  std::vector<std::size_t> perhaps;
  bool any = false;                 // a span of any name came
  std::optional<std::size_t> lost;  // more may have been
};

bool is_asked_for(const Observation& seen, const Params& params) {
  const auto* name = params.find<std::string>("name");
  const auto* status = params.find<std::string>("status");
  return (name == nullptr || seen.text == *name ||
          glob_match(*name, seen.text)) &&
         (status == nullptr || seen.action == *status);
}

Found found_in(const Evidence& evidence, const Params& params) {
  Found out;
  const auto* during = params.find<std::string>("during");
  std::optional<Effects> effects;
  if (during != nullptr) {
    effects.emplace(evidence, *during);
  }
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool lost = seen.fact == Fact::spans_lost || seen.fact == Fact::leftover;
    out.lost = lost && !out.lost ? std::optional(i) : out.lost;
    out.any = out.any || seen.fact == Fact::span;
    if (seen.fact != Fact::span || !is_asked_for(seen, params)) {
      continue;
    }
    auto hit = effects ? effects->hit(seen) : std::optional(true);
    if (hit.value_or(true)) {
      (hit ? out.sure : out.perhaps).push_back(i);
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
                           " more may be such: when the fault took effect is "
                           "not known so well",
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
                 : ", and others may be such: when the fault took effect is "
                   "not known so well";
  return cannot_tell(text + why,
                     longest ? std::vector{*longest} : std::vector{*doubtful});
}

Finding check(const Params& params, const Evidence& evidence) {
  Found found = found_in(evidence, params);
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
