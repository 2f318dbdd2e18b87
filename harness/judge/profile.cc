// A profile of the processor or of memory is a sample: of what is spent, each
// so many nanoseconds or bytes are seen once. Seen again, the same program
// gives another share, and of few samples quite another one. So an answer is
// given only where the share that was asked for lies outside of what chance
// makes of the one that was seen (Wilson, 1927; 99 %), and a function is the
// hottest only where chance does not make the next one as hot. What waited for
// others is counted, each event, and what was counted is what it was.
#include "harness/model/profile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/model/observe.h"

namespace faultrig {

namespace {

// Of the normal distribution, two-sided, for 99 %.
constexpr double kChance = 2.576;

Section profile_section() {
  Section section;
  section.name = "profile";
  section.summary =
      "where a profile of `observe` puts what was spent, over all test "
      "binaries of the run";
  section.fields = {
      {.key = "of",
       .kind = Kind::choice,
       .summary = "of what: time of the processor, allocated bytes, time "
                  "waited, time that others waited for a lock",
       .required = true,
       .choices = profile_kind_names()},
      {.key = "in",
       .kind = Kind::function,
       .summary = "what was spent in functions of this name, and in what they "
                  "called"},
      {.key = "share",
       .kind = Kind::share,
       .summary = "so much of all, beyond what chance does to samples"},
      {.key = "hottest",
       .kind = Kind::function,
       .summary = "the function that spent the most itself, with what it "
                  "called of Go's own"}};
  section.exactly_one_of = {{"in", "hottest"}, {"share", "hottest"}};
  return section;
}

// What is known of all profiles of one kind, as evidence has them.
struct Pooled {
  std::vector<std::size_t> kept;  // indices of the trace
  std::vector<std::size_t> lost;
  std::vector<const Observation*> stacks;
  double total = 0;
  double untold = 0;   // of stacks that are not told
  double samples = 0;  // 0: each event was counted
  std::string unit;

  std::string amount(double value) const {
    return amount_text(std::llround(std::min(value, 9e18)), unit);
  }
};

// `names` of a profile_kept: what it counts, in which unit, how much of it one
// sample stands for.
void add_head(const Observation& head, double& each, Pooled& pooled) {
  std::int64_t number = 0;
  if (head.names.size() == 3) {
    pooled.unit = head.names[1];
    const std::string& text = head.names[2];
    std::from_chars(text.data(), text.data() + text.size(), number);
  }
  each = static_cast<double>(number);
}

Pooled pooled_of(const Evidence& evidence, std::string_view kind) {
  Pooled out;
  double each = 0;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool is_value =
        seen.fact == Fact::profile_there || seen.fact == Fact::profile_untold;
    if (seen.action != kind) {
      continue;
    }
    if (seen.fact == Fact::profile_kept) {
      out.kept.push_back(i);
      add_head(seen, each, out);
    } else if (seen.fact == Fact::profile_lost) {
      out.lost.push_back(i);
    } else if (is_value && seen.number > 0) {
      auto value = static_cast<double>(seen.number);
      out.total += value;
      out.samples += each > 0 ? value / each : 0;
      if (seen.fact == Fact::profile_there && seen.stack != nullptr) {
        out.stacks.push_back(&seen);
      } else {
        out.untold += value;
      }
    }
  }
  return out;
}

// What was spent in functions of this name, at least and at most.
struct Range {
  double low = 0;
  double high = 0;
};

Range spent_in(const Pooled& pooled, const std::string& in) {
  Range out{0, pooled.untold};
  CallOrigin origin;
  origin.in = in;
  for (const Observation* seen : pooled.stacks) {
    auto value = static_cast<double>(seen->number);
    auto here = in.empty() ? std::optional(true)
                           : comes_from(origin, "", seen->stack.get());
    out.low += here.value_or(false) ? value : 0;
    out.high += here.value_or(true) ? value : 0;
  }
  return out;
}

// What a share may be of which so much was seen in so many samples.
Range by_chance(double share, double samples) {
  if (samples <= 0) {
    return {share, share};
  }
  double z = kChance * kChance / samples;
  double middle = (share + z / 2) / (1 + z);
  double half = kChance / (1 + z) *
                std::sqrt(share * (1 - share) / samples + z / (4 * samples));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::string in_percent(double share) {
  return fmt::format("{:.1f}%", share * 100);
}

std::string samples_text(const Pooled& pooled) {
  return pooled.samples > 0
             ? fmt::format(" in {:.0f} samples", std::round(pooled.samples))
             : "";
}

std::string bound_text(const NumberTest& wanted) {
  return (wanted.op == NumberTest::Operator::at_least ? "at least "
                                                      : "at most ") +
         fmt::format("{:g}%", static_cast<double>(wanted.number) / 100);
}

Finding check_share(const NumberTest& wanted, const std::string& in,
                    const Pooled& pooled, const Evidence& evidence) {
  Range spent = spent_in(pooled, in);
  Range seen{spent.low / pooled.total, spent.high / pooled.total};
  Range share{by_chance(seen.low, pooled.samples).low,
              by_chance(seen.high, pooled.samples).high};
  double bound = static_cast<double>(wanted.number) / 10000;
  bool least = wanted.op == NumberTest::Operator::at_least;
  bool always = least ? share.low >= bound : share.high <= bound;
  bool never = least ? share.high < bound : share.low > bound;
  std::string text = fmt::format("{} of {}{} in {}", in_percent(seen.low),
                                 pooled.amount(pooled.total),
                                 samples_text(pooled), in_quotes(in));
  if (!always && !never) {
    return cannot_tell(
        fmt::format("{}, by chance {} to {}: nobody knows whether it is {}",
                    text, in_percent(share.low), in_percent(share.high),
                    bound_text(wanted)),
        pooled.kept);
  }
  return answer(always, text, evidence, pooled.kept);
}

// Whose doing it is: the innermost function that is none of Go's own. Empty: it
// is further out than what is told.
std::string doer_of(const GoStack& stack) {
  for (const GoFrame& frame : stack.frames) {
    bool called =
        frame.function == kKernelCode || frame.function == kForeignCode;
    if (!called && !is_standard(frame.function)) {
      return frame.function;
    }
  }
  if (!stack.unknown.empty()) {
    return "";
  }
  return stack.frames.empty() ? "" : stack.frames.front().function;
}

Finding check_hottest(const std::string& wanted, const Pooled& pooled,
                      const Evidence& evidence) {
  std::map<std::string, double> doers;
  for (const Observation* seen : pooled.stacks) {
    doers[doer_of(*seen->stack)] += static_cast<double>(seen->number);
  }
  double untold = pooled.untold + doers[""];
  doers.erase("");
  using Doer = std::pair<std::string, double>;
  std::vector<Doer> sorted(doers.begin(), doers.end());
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const Doer& one, const Doer& two) { return one.second > two.second; });
  if (sorted.empty()) {
    return cannot_tell("none of its stacks is told", pooled.kept);
  }
  double next = sorted.size() > 1 ? sorted[1].second : 0;
  auto [name, most] = sorted.front();
  std::string text =
      fmt::format("the hottest is {}: {} of {}{}", in_quotes(name),
                  in_percent(most / pooled.total), pooled.amount(pooled.total),
                  samples_text(pooled));
  double each = pooled.samples > 0 ? pooled.total / pooled.samples : 0;
  double apart = kChance * std::sqrt((most + next) * each);
  if (most - next - untold <= apart) {
    return cannot_tell(
        text + (next > 0 ? ", too near to " + in_quotes(sorted[1].first) +
                               " with " + in_percent(next / pooled.total)
                         : ", and too few samples"),
        pooled.kept);
  }
  CallOrigin origin;
  origin.in = wanted;
  GoStack one{{{name, "", 0}}, ""};
  return answer(comes_from(origin, "", &one).value_or(false), text, evidence,
                pooled.kept);
}

Finding check(const Params& params, const Evidence& evidence) {
  const std::string& kind = params.get<std::string>("of");
  Pooled pooled = pooled_of(evidence, kind);
  if (!pooled.lost.empty()) {
    return cannot_tell(
        "a profile is lost (" + cite_all(evidence, pooled.lost) + ")",
        pooled.lost);
  }
  if (pooled.kept.empty()) {
    return cannot_tell("no profile of " + kind + " was kept");
  }
  if (pooled.total <= 0) {
    return cannot_tell(
        "the profile of " + kind + " is empty: too little was " +
            (kind == "cpu" || kind == "perf" ? "computed for a sample"
             : kind == "heap"                ? "allocated for a sample"
                                             : "waited for"),
        pooled.kept);
  }
  const auto* wanted = params.find<NumberTest>("share");
  return wanted != nullptr
             ? check_share(*wanted, params.get_or<std::string>("in", ""),
                           pooled, evidence)
             : check_hottest(params.get<std::string>("hottest"), pooled,
                             evidence);
}

}  // namespace

const ExpectationType& profile_expectation() {
  static const Section section = profile_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
