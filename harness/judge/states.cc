// In which states of a crash `recover` did not find what it looked for. Which
// states there are, the fault says; this only counts what came of them.
#include <algorithm>
#include <iterator>

#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/unseen_images.h"
#include "harness/model/crash.h"

namespace faultrig {

namespace {

Section states_section() {
  std::vector<std::string_view> kinds(crash_kind_names().begin(),
                                      crash_kind_names().end());
  kinds.emplace_back(kCrashImageKind);
  Section section;
  section.name = "states";
  section.summary = "the states of a crash on which recover was run";
  section.needs_any = true;
  section.fields = {
      {.key = "bad",
       .kind = Kind::count,
       .summary = "of so many it did not exit 0"},
      {.key = "lacking",
       .kind = Kind::count,
       .summary = "so many lacked something that was written"},
      {.key = "tried", .kind = Kind::count, .summary = "so many there were"},
      {.key = "kind",
       .kind = Kind::choice,
       .summary = "counts those of this kind alone",
       .choices = kinds}};
  return section;
}

bool is_bad(const Observation& seen) { return seen.number != 0; }
bool is_lacking(const Observation& seen) { return !seen.names.empty(); }
bool is_any(const Observation&) { return true; }

struct Question {
  const char* key;
  bool (*counts)(const Observation&);
  const char* are;
};
constexpr Question kQuestions[] = {
    {"bad", is_bad, "bad: recover did not exit 0"},
    {"lacking", is_lacking, "lacking something that was written"},
    {"tried", is_any, "tried"}};

bool more_may_break(const Params& params) {
  return std::any_of(std::begin(kQuestions), std::end(kQuestions),
                     [&](const Question& question) {
                       const auto* wanted =
                           params.find<NumberTest>(question.key);
                       return wanted != nullptr &&
                              wanted->op != NumberTest::Operator::at_least;
                     });
}

Finding check(const Params& params, const Evidence& evidence) {
  std::string kind = params.get_or<std::string>("kind", "");
  std::vector<std::size_t> tried = all_of(evidence, Fact::state_tried);
  std::erase_if(tried, [&](std::size_t index) {
    return !kind.empty() && evidence.trace()[index].action != kind;
  });
  std::string said;
  bool holds = true;
  std::vector<std::size_t> cites;
  for (const Question& question : kQuestions) {
    const auto* wanted = params.find<NumberTest>(question.key);
    if (wanted == nullptr) {
      continue;
    }
    std::vector<std::size_t> counted = tried;
    std::erase_if(counted, [&](std::size_t index) {
      return !question.counts(evidence.trace()[index]);
    });
    auto count = static_cast<std::int64_t>(counted.size());
    said += (said.empty() ? "" : ", ") + std::to_string(count) + " of " +
            std::to_string(tried.size()) + (kind.empty() ? "" : " " + kind) +
            " states are " + question.are;
    if (!wanted->holds(count)) {
      holds = false;
      cites = std::move(counted);
    } else if (holds && question.counts == is_bad) {
      cites = std::move(counted);
    }
  }
  if (holds && !kind.empty() && tried.empty() && !params.has("tried")) {
    return cannot_tell("no " + kind + " state was tried");
  }
  if (said.empty()) {
    said = std::to_string(tried.size()) + " " + kind + " states are tried";
  }
  Finding finding = answer(holds, said, evidence, std::move(cites));
  return more_may_break(params)
             ? unless_images_are_unseen(std::move(finding), evidence)
             : finding;
}

}  // namespace

const ExpectationType& states_expectation() {
  static const Section section = states_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
