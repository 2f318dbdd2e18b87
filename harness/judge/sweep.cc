// What came of all points of a sweep. One run cannot say it: harness/sweep does
// (swept_points.h).
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

Section sweep_counts() {
  Section section;
  section.name = "sweep";
  section.summary = "how many points of the sweep came to an outcome";
  section.needs_any = true;
  constexpr std::pair<std::string_view, std::string_view> kOutcomes[]{
      {"surfaced", "it failed, and said what for"},
      {"failed", "it failed without a word of the error"},
      {"handled", "it passed, and something made up for the error"},
      {"swallowed", "it passed, and nothing shows that anybody noticed"},
      {"crashed", "a panic or a fatal signal in the program"},
      {"runtime", "Go's runtime gave up"},
      {"exited", "os.Exit before a test had a verdict"},
      {"hung", "it did not end"},
      {"lost", "what was acknowledged is not there afterwards"},
      {"leaked", "it left processes behind"},
      {"flaky", "tries of it end differently"},
      {"never", "the call was not made, the moment did not come"},
      {"unknown", "nobody could tell"}};
  for (const auto& [key, summary] : kOutcomes) {
    section.fields.push_back(
        {.key = key, .kind = Kind::count, .summary = summary});
  }
  return section;
}

Finding check(const Params&, const Evidence&) {
  return cannot_tell("one run says nothing of a whole sweep");
}

}  // namespace

const ExpectationType& sweep_expectation() {
  static const Section section = sweep_counts();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
