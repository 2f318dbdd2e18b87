#include "harness/plan/observe_checks.h"

#include <algorithm>
#include <string>
#include <utility>

#include "harness/model/profile_flags.h"

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

// What a profile is asked for that this scenario does not take; empty: none.
std::string lacks_profile(const Params& asked, const Scenario& scenario) {
  auto of = asked.get_or<std::string>("of", "");
  auto kind = profile_kind_named(of);
  const auto& taken = scenario.observe.profile;
  bool there = kind && taken && taken->takes(*kind);
  return there || !kind ? ""
                        : "nobody takes a profile of " + of +
                              ": say `observe: [profile: [" + of + "]]`";
}

// While the processor is profiled the runtime never finds all goroutines
// asleep: a program that would end by that error hangs.
bool asks_for_deadlock(const Expectation& expected, const Scenario& scenario) {
  if (expected.type == "output" || expected.type == "panic") {
    for (const char* key : {"contains", "matches"}) {
      auto text = expected.params.get_or<std::string>(key, "");
      if (text.find("asleep") != text.npos ||
          text.find("deadlock!") != text.npos) {
        return true;
      }
    }
  }
  bool hangs = std::any_of(scenario.expect.begin(), scenario.expect.end(),
                           [](const Expectation& one) {
                             return one.params.get_or<std::string>(
                                        "ended", "") == "hung";
                           });
  return expected.type == "goroutines" && !hangs &&
         expected.params.get_or<std::string>("deadlock", "") == "certain";
}

// What the profiles that are taken make impossible.
std::vector<PlanTrouble> profile_troubles(const ProfileObserver& taken,
                                          const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  const GoTest& test = *scenario.workload.go_test;
  for (ProfileKind kind : taken.kinds) {
    for (const auto* words : {&test.flags, &test.args}) {
      std::string what = why_no_profile(*words, kind);
      if (!what.empty()) {
        out.push_back({taken.place, std::move(what)});
      }
    }
  }
  for (const Expectation& expected : scenario.expect) {
    if (taken.takes(ProfileKind::cpu) &&
        asks_for_deadlock(expected, scenario)) {
      out.push_back({expected.place,
                     "a profile of cpu keeps the runtime from finding all "
                     "goroutines asleep: the program would hang. Take heap, "
                     "block or mutex, or `observe: [goroutines: ...]`"});
    }
  }
  return out;
}

// What a trace that is taken makes impossible.
std::vector<PlanTrouble> timeline_troubles(const TimelineObserver& taken,
                                           const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  const GoTest& test = *scenario.workload.go_test;
  for (const auto* words : {&test.flags, &test.args}) {
    std::string what = why_no_trace(*words);
    if (!what.empty()) {
      out.push_back({taken.place, std::move(what)});
    }
  }
  for (const Expectation& expected : scenario.expect) {
    if (asks_for_deadlock(expected, scenario)) {
      out.push_back({expected.place,
                     "an execution trace keeps the runtime from finding all "
                     "goroutines asleep: the program would hang. Say "
                     "`observe: [goroutines: ...]`"});
    }
  }
  return out;
}

// What of a timeline this scenario has not, or cannot be asked together; empty:
// nothing.
std::string lacks_timeline(const Params& asked, const Scenario& scenario) {
  if (!scenario.observe.timeline) {
    return "nobody takes an execution trace: say `observe: [timeline: "
           "{period: 100ms}]`";
  }
  if (asked.has("in") && !asked.has("blocked")) {
    return "in stands only beside blocked";
  }
  if (asked.written("per") && !asked.has("order")) {
    return "per stands only beside order";
  }
  if (asked.has("order") && (asked.has("longest") || asked.has("count"))) {
    return "order is met or not: longest and count stand beside blocked or gc";
  }
  auto order = asked.get_or<std::vector<std::string>>("order", {});
  return asked.has("order") && order.size() < 2
             ? "an order is of two names or more"
             : "";
}

// What of spans nobody receives; empty: nothing.
std::string lacks_spans(const Scenario& scenario) {
  return scenario.observe.spans
             ? ""
             : "nobody receives spans: say `observe: [spans: {wait: 1s}]`";
}

// What an expectation asks for that nobody observes; empty: nothing.
std::string unobserved(const Expectation& expected, const Scenario& scenario) {
  return expected.type == "goroutines" ? lacks(expected.params, scenario)
         : expected.type == "profile" ? lacks_profile(expected.params, scenario)
         : expected.type == "timeline"
             ? lacks_timeline(expected.params, scenario)
         : expected.type == "spans" ? lacks_spans(scenario)
                                    : "";
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
    std::string what = unobserved(expected, scenario);
    if (!what.empty()) {
      out.push_back({expected.place, std::move(what)});
    }
  }
  const auto& test = scenario.workload.go_test;
  if (const auto& taken = scenario.observe.profile; taken && test) {
    std::vector<PlanTrouble> troubles = profile_troubles(*taken, scenario);
    out.insert(out.end(), troubles.begin(), troubles.end());
  }
  if (const auto& taken = scenario.observe.timeline; taken && test) {
    std::vector<PlanTrouble> troubles = timeline_troubles(*taken, scenario);
    out.insert(out.end(), troubles.begin(), troubles.end());
  }
  const auto& looks = scenario.observe.goroutines;
  if (looks && looks->looks_at(LookMoment::test) && test &&
      !is_one_package(*test)) {
    out.push_back({looks->place,
                   "looks at test need one package: which of several a test "
                   "is of nobody says"});
  }
  return out;
}

}  // namespace faultrig
