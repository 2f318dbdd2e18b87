#include "harness/plan/observe_checks.h"

#include <string>

namespace faultrig {

namespace {

// What an expectation needs of the looks, and has not; empty: it has all.
std::string lacks(const Params& asked, const Scenario& scenario) {
  const auto& looks = scenario.observe.goroutines;
  bool likely = asked.get_or<std::string>("deadlock", "") == "likely";
  bool leaked = asked.has("leaked");
  bool grows = asked.has("grows");
  for (const char* key : {"state", "in", "at_least", "at_most"}) {
    if ((leaked || grows) && asked.has(key)) {
      return std::string(key) + " asks of a dump: not beside grows or leaked";
    }
  }
  if (asked.has("ignore") && !leaked && !grows) {
    return "ignore stands only beside grows or leaked";
  }
  if (!likely && !leaked && !grows) {
    return "";
  }
  if (!looks) {
    return "nobody looks at goroutines: say `observe: [goroutines: {at: "
           "[test, end]}]`";
  }
  if (grows && looks->every == std::chrono::nanoseconds(0) &&
      !looks->looks_at(LookMoment::test)) {
    return "grows compares looks at moments that come again: observe "
           "goroutines at test, or every so often";
  }
  if (leaked && (!looks->looks_at(LookMoment::end) ||
                 scenario.workload.service.has_value())) {
    return scenario.workload.service
               ? "a service is at work to its end: what leaks there grows"
               : "leaked asks of a look at the end: observe goroutines at end";
  }
  return "";
}

// Which of several test binaries has begun a test its line does not say.
bool is_one_package(const GoTest& test) {
  return test.packages.size() == 1 &&
         test.packages[0].find("...") == std::string::npos;
}

}  // namespace

std::vector<PlanTrouble> observe_troubles(const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  for (const Expectation& expected : scenario.expect) {
    std::string what =
        expected.type == "goroutines" ? lacks(expected.params, scenario) : "";
    if (!what.empty()) {
      out.push_back({expected.place, std::move(what)});
    }
  }
  const auto& looks = scenario.observe.goroutines;
  const auto& test = scenario.workload.go_test;
  if (looks && looks->looks_at(LookMoment::test) && test &&
      !is_one_package(*test)) {
    out.push_back({looks->place,
                   "looks at test need one package: which of several a test "
                   "is of nobody says"});
  }
  return out;
}

}  // namespace faultrig
