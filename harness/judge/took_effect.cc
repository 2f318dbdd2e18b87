// How often a fault took effect: each time is one observation.
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

Section took_effect_section() {
  Section section;
  section.name = "took_effect";
  section.summary = "a fault took effect, so often";
  section.shorthand = "fault";
  section.fields = {{.key = "fault",
                     .kind = Kind::text,
                     .summary = "its name, or else the name of its injector",
                     .required = true},
                    {.key = "times",
                     .kind = Kind::count,
                     .summary = "how often; at least 1 if absent"}};
  return section;
}

Finding check(const Params& params, const Evidence& evidence) {
  std::string name = params.get_or<std::string>("fault", "");
  NumberTest wanted =
      params.get_or("times", NumberTest{NumberTest::Operator::at_least, 1});
  std::vector<FaultId> faults = evidence.faults_named(name);
  if (faults.empty()) {
    return answer(false, "no fault is named " + in_quotes(name), evidence);
  }
  Counted counted = count_effects(faults, evidence);
  std::string what = "fault " + in_quotes(name) + " took effect " +
                     std::to_string(counted.times) + " times, expected " +
                     wanted.text();
  return answer_count(wanted, what, evidence, std::move(counted));
}

}  // namespace

const ExpectationType& took_effect_expectation() {
  static const Section section = took_effect_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
