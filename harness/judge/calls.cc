// System calls that the workload made. The planner adds rules that observe what
// is asked for here, so that the answer does not hang on what the faults
// select.
#include <algorithm>

#include "harness/judge/call_patterns.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/model/call_origin.h"

namespace faultrig {

namespace {

using Patterns = std::vector<CallPattern>;

constexpr const char* kLeftOut =
    "; of calls with that path some are on descriptor 0, 1 or 2, which count "
    "with `fd: stdio`, the others with `fd: file`";

Section calls_section() {
  Section section;
  section.name = "calls";
  section.summary =
      "system calls that the workload made, whatever the faults select";
  section.needs_any = true;
  section.fields = with_origin(
      {{.key = "call",
        .kind = Kind::calls,
        .summary = "name, list of names, or class of the call; any if absent"},
       {.key = "error",
        .kind = Kind::error_number,
        .summary = "what it was made to fail with"},
       {.key = "path", .kind = Kind::glob, .summary = "the file it names"},
       {.key = "fd",
        .kind = Kind::choice,
        .summary = "only calls on such a descriptor; without it, any but 0, 1 "
                   "and 2, and those too where a fault acts on them; where a "
                   "path is named and one of those has it, it must be said",
        .choices = {"file", "socket", "pipe", "stdio"}},
       {.key = "count",
        .kind = Kind::count,
        .summary = "how many of them; at least 1 if absent"},
       {.key = "sequence",
        .kind = Kind::sequence,
        .summary = "calls in this order, with any others between"}});
  return section;
}

Finding check_count(const CallPattern& pattern, const NumberTest& wanted,
                    const Evidence& evidence) {
  CallFitter fitter(pattern, evidence);
  Counted counted;
  // What a fault answered we have answered, and know of.
  auto stopping = evidence.first(Fact::deadline_passed);
  bool left_out = false;
  bool stopped = false;
  counted.hidden =
      pattern.error ? std::nullopt : hidden_calls(evidence, pattern.calls);
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    Fit fit = fitter.fit(seen);
    if (fit == Fit::no) {
      continue;
    }
    bool told = seen.fact == Fact::call_intercepted;
    // Our SIGQUIT makes Go dump, and others end.
    bool ours = told && seen.fault < 0 && stopping && i > *stopping;
    stopped = stopped || ours;
    (fit == Fit::yes && !ours ? counted.times : counted.perhaps) +=
        told ? 1 : seen.number;
    counted.cites.push_back(i);
    left_out = left_out || fitter.is_left_out(seen);
  }
  std::string what = std::to_string(counted.times) + " such call" +
                     (counted.times == 1 ? "" : "s") + " seen, expected " +
                     wanted.text();
  what += left_out ? kLeftOut : "";
  what += stopped ? "; some came behind the deadline, when we stopped it" : "";
  return answer_count(wanted, what, evidence, std::move(counted));
}

// Sums do not say in which order their calls came, nor does every call say of
// which file it was.
bool may_be_hidden(const Patterns& sequence, std::size_t from,
                   const Evidence& evidence) {
  for (std::size_t i = from; i < sequence.size(); ++i) {
    CallFitter fitter(sequence[i], evidence);
    bool hidden = std::any_of(
        evidence.trace().begin(), evidence.trace().end(),
        [&](const Observation& seen) {
          Fit fit = fitter.fit(seen);
          return fit == Fit::perhaps ||
                 (fit == Fit::yes && seen.fact == Fact::calls_untold);
        });
    if (hidden) {
      return true;
    }
  }
  return false;
}

Finding check_sequence(const Patterns& sequence, const Evidence& evidence) {
  std::vector<CallFitter> fitters;
  for (const CallPattern& pattern : sequence) {
    fitters.emplace_back(pattern, evidence);
  }
  std::vector<std::size_t> cites;
  for (std::size_t i = 0;
       i < evidence.trace().size() && cites.size() < sequence.size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::call_intercepted &&
        fitters[cites.size()].fit(seen) == Fit::yes) {
      cites.push_back(i);
    }
  }
  bool holds = cites.size() == sequence.size();
  std::string what = std::to_string(cites.size()) + " of " +
                     std::to_string(sequence.size()) +
                     " calls of the sequence seen in this order";
  if (!holds && may_be_hidden(sequence, cites.size(), evidence)) {
    return cannot_tell(what +
                           "; others may be hidden in what was told in sums or "
                           "could not be read, or stand on descriptor 0, 1 or "
                           "2 (`fd: stdio`)",
                       std::move(cites));
  }
  std::vector<std::string> missed;
  for (std::size_t i = cites.size(); i < sequence.size(); ++i) {
    missed.insert(missed.end(), sequence[i].calls.begin(),
                  sequence[i].calls.end());
  }
  auto hidden = hidden_calls(evidence, missed);
  if (!holds && hidden) {
    return cannot_tell(
        what + "; others may be hidden: " + cite(evidence, *hidden), {*hidden});
  }
  return answer(holds, what, evidence, std::move(cites));
}

Finding check(const Params& params, const Evidence& evidence) {
  const auto* sequence = params.find<Patterns>("sequence");
  auto wanted =
      params.get_or("count", NumberTest{NumberTest::Operator::at_least, 1});
  if (sequence == nullptr) {
    return check_count(patterns_asked(params).front(), wanted, evidence);
  }
  Finding ordered = check_sequence(*sequence, evidence);
  bool counted = patterns_asked(params).size() > sequence->size();
  if (!counted || ordered.verdict != Verdict::pass) {
    return ordered;
  }
  return check_count(patterns_asked(params).front(), wanted, evidence);
}

}  // namespace

const ExpectationType& calls_expectation() {
  static const Section section = calls_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
