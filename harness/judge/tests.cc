// How single tests ended, by the events of test2json. A test that was running
// when its process died has no end: it is `unfinished`.
#include <map>
#include <optional>

#include "harness/base/names.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

using Names = std::map<std::string, std::string>;

Section tests_section() {
  Section section;
  section.name = "tests";
  section.summary =
      "how single tests ended: a map of test name (TestA, TestA/sub) to end";
  section.any_key =
      Field{.key = "each",
            .kind = Kind::choice,
            .summary =
                "how this test ended; unfinished: it started, and its "
                "process died first",
            .choices = {"pass", "fail", "skip", "unfinished"}};
  return section;
}

// All that was seen of the tests of one name: there is more than one with
// `count`, and with packages that share a name.
struct Seen {
  std::map<std::string, std::size_t> ends;  // by action
  std::size_t runs = 0;
  std::vector<std::size_t> cites;

  std::size_t finished() const {
    std::size_t sum = 0;
    for (const auto& [action, count] : ends) {
      sum += count;
    }
    return sum;
  }
  bool all(const std::string& end) const {
    if (end == "unfinished") {
      return runs > 0 && finished() == 0;
    }
    auto found = ends.find(end);
    return found != ends.end() && found->second == finished() &&
           runs <= finished();
  }
  std::string text() const {
    std::string text;
    for (const auto& [action, count] : ends) {
      text += (text.empty() ? "" : " and ") + action;
    }
    if (runs > finished()) {
      text += (text.empty() ? "" : " and ") + std::string("unfinished");
    }
    return text;
  }
};

std::map<std::string, Seen> collect(const Evidence& evidence) {
  std::map<std::string, Seen> tests;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& event = evidence.trace()[i];
    if (event.fact != Fact::test_event) {
      continue;
    }
    Seen& seen = tests[event.text];
    seen.cites.push_back(i);
    if (event.action == "run") {
      ++seen.runs;
    } else if (event.action == "pass" || event.action == "fail" ||
               event.action == "skip") {
      ++seen.ends[event.action];
    }
  }
  return tests;
}

Finding unknown(const std::string& name,
                const std::map<std::string, Seen>& tests,
                const Evidence& evidence) {
  std::vector<std::string> names;
  names.reserve(tests.size());
  for (const auto& [known, seen] : tests) {
    names.push_back(known);
  }
  return answer(false,
                "no event of test " + in_quotes(name) + suggestion(name, names),
                evidence);
}

// What a test printed may look like testing's own word, and what was cut may
// have been one.
std::optional<Finding> doubt(const Evidence& evidence) {
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool doubted = seen.fact == Fact::not_known && seen.action == "tests";
    bool cut = seen.fact == Fact::output_cut && seen.stream == "stdout";
    if (doubted || cut) {
      return cannot_tell("how single tests ended: " + cite(evidence, i), {i});
    }
  }
  return std::nullopt;
}

Finding check(const Params& params, const Evidence& evidence) {
  if (auto doubted = doubt(evidence)) {
    return *doubted;
  }
  const auto tests = collect(evidence);
  Finding met = answer(true, "each test ended so", evidence);
  Finding unmet;
  for (const auto& [name, end] : params.get_or<Names>("each", {})) {
    auto seen = tests.find(name);
    Finding finding =
        seen == tests.end()
            ? unknown(name, tests, evidence)
            : answer(seen->second.all(end), name + ": " + seen->second.text(),
                     evidence, {seen->second.cites.back()});
    if (finding.verdict == Verdict::pass) {
      continue;
    }
    unmet.verdict = Verdict::fail;
    unmet.because += (unmet.because.empty() ? "" : "; ") + finding.because;
    unmet.cites.insert(unmet.cites.end(), finding.cites.begin(),
                       finding.cites.end());
  }
  return unmet.verdict == Verdict::fail ? unmet : met;
}

}  // namespace

const ExpectationType& tests_expectation() {
  static const Section section = tests_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
