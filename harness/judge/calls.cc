// System calls that the rules of a run have seen. Only what a rule selects is
// seen: the planner adds a rule that observes what `calls` asks for.
#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

using Patterns = std::vector<CallPattern>;

Section calls_section() {
  Section section;
  section.name = "calls";
  section.summary = "system calls that the rules of this run have seen";
  section.needs_any = true;
  section.fields = {
      {.key = "call",
       .kind = Kind::calls,
       .summary = "name, list of names, or class of the call; any if absent"},
      {.key = "error",
       .kind = Kind::error_number,
       .summary = "what it was made to fail with"},
      {.key = "path", .kind = Kind::glob, .summary = "the file it names"},
      {.key = "count",
       .kind = Kind::count,
       .summary = "how many of them; at least 1 if absent"},
      {.key = "sequence",
       .kind = Kind::sequence,
       .summary = "calls in this order, with any others between"}};
  return section;
}

bool selects(const CallPattern& pattern, const Observation& seen) {
  bool named = pattern.calls.empty() ||
               std::find(pattern.calls.begin(), pattern.calls.end(),
                         seen.call) != pattern.calls.end();
  return seen.fact == Fact::call_intercepted && named &&
         (!pattern.error || seen.error == *pattern.error) &&
         (pattern.path.empty() || glob_match(pattern.path, seen.path));
}

CallPattern pattern_of(const Params& params) {
  CallPattern pattern;
  pattern.calls = params.get_or<std::vector<std::string>>("call", {});
  pattern.path = params.get_or<std::string>("path", "");
  if (const auto* error = params.find<std::int64_t>("error")) {
    pattern.error = static_cast<int>(*error);
  }
  return pattern;
}

Finding check_count(const Params& params, const Evidence& evidence) {
  CallPattern pattern = pattern_of(params);
  NumberTest wanted =
      params.get_or("count", NumberTest{NumberTest::Operator::at_least, 1});
  std::vector<std::size_t> cites;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    if (selects(pattern, evidence.trace()[i])) {
      cites.push_back(i);
    }
  }
  std::string what = std::to_string(cites.size()) + " such call" +
                     (cites.size() == 1 ? "" : "s") + " seen, expected " +
                     wanted.text();
  return answer_count(wanted, what, evidence, std::move(cites));
}

Finding check_sequence(const Patterns& sequence, const Evidence& evidence) {
  std::vector<std::size_t> cites;
  for (std::size_t i = 0;
       i < evidence.trace().size() && cites.size() < sequence.size(); ++i) {
    if (selects(sequence[cites.size()], evidence.trace()[i])) {
      cites.push_back(i);
    }
  }
  bool holds = cites.size() == sequence.size();
  std::string what = std::to_string(cites.size()) + " of " +
                     std::to_string(sequence.size()) +
                     " calls of the sequence seen in this order";
  return answer(holds, what, evidence, std::move(cites));
}

Finding check(const Params& params, const Evidence& evidence) {
  const auto* sequence = params.find<Patterns>("sequence");
  if (sequence == nullptr) {
    return check_count(params, evidence);
  }
  Finding ordered = check_sequence(*sequence, evidence);
  bool counted = params.has("call") || params.has("error") ||
                 params.has("path") || params.has("count");
  if (!counted || ordered.verdict != Verdict::pass) {
    return ordered;
  }
  return check_count(params, evidence);
}

}  // namespace

const ExpectationType& calls_expectation() {
  static const Section section = calls_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
