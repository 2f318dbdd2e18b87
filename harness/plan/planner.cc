#include "harness/plan/planner.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "harness/inject/registry.h"
#include "harness/judge/expectation.h"
#include "harness/plan/call_watch.h"
#include "harness/plan/network_checks.h"
#include "harness/plan/observe_checks.h"
#include "harness/plan/recovery_checks.h"
#include "harness/plan/service_checks.h"
#include "harness/plan/sweep_checks.h"
#include "harness/plan/trigger_rules.h"

namespace faultrig {

namespace {

class Planner {
 public:
  Planner(const Scenario& scenario, std::uint64_t seed) {
    plan_.scenario = scenario;
    plan_.seed = seed;
  }

  Planned make() {
    for (std::size_t i = 0; i < plan_.scenario.faults.size(); ++i) {
      add_fault(static_cast<FaultId>(i));
    }
    watch_expected_calls();
    add_observers();
    check_triggers();
    check_links();
    for (PlanTrouble& what : service_troubles(plan_.scenario)) {
      troubles_.push_back(std::move(what));
    }
    for (PlanTrouble& what : network_troubles(plan_)) {
      troubles_.push_back(std::move(what));
    }
    for (PlanTrouble& what : recovery_troubles(plan_.scenario)) {
      troubles_.push_back(std::move(what));
    }
    plan_.launch.watch = watch_for(plan_.scenario);
    plan_.launch.recoveries = recoveries_asked(plan_.scenario);
    check_filters();
    check_static_rules();
    check_clocks();
    check_crashes();
    for (PlanTrouble& what : sweep_troubles(plan_.scenario)) {
      troubles_.push_back(std::move(what));
    }
    settle_needs();
    Planned out;
    out.troubles = std::move(troubles_);
    if (out.troubles.empty()) {
      out.plan = std::move(plan_);
    }
    return out;
  }

 private:
  void trouble(Place place, std::string what) {
    troubles_.push_back({place, std::move(what)});
  }

  void add_fault(FaultId id) {
    const Fault& fault = plan_.scenario.faults[static_cast<std::size_t>(id)];
    auto injector = find_injector(fault.injector)->make({id, fault});
    if (!injector) {
      // What begins with a key is about its value.
      const std::string& what = injector.error().what;
      std::string key = what.substr(0, what.find(' '));
      trouble(fault.params.has(key) ? fault.params.place(key) : fault.place,
              fault.injector + ": " + what);
      return;
    }
    auto prepared = (*injector)->prepare(plan_.launch);
    if (!prepared) {
      trouble(fault.place, fault.injector + ": " + prepared.error().what);
    }
    if (fault.until && !(*injector)->can_release()) {
      trouble(fault.place, fault.injector +
                               ": what this does cannot be undone: it takes "
                               "no until");
    }
    add_trigger(id, fault);
    plan_.private_go_cache = plan_.private_go_cache || fault.at == Link::go;
  }

  void add_trigger(FaultId id, const Fault& fault) {
    std::vector<CallRule> rules = trigger_rules(fault.when);
    if (fault.until) {
      std::vector<CallRule> more = release_rules(*fault.until);
      rules.insert(rules.end(), more.begin(), more.end());
    }
    for (CallRule& rule : rules) {
      rule.fault = id;
      plan_.launch.links[fault.at].rules.push_back(std::move(rule));
    }
    for (const Trigger* trigger : fault.triggers()) {
      plan_.wants_test_events =
          plan_.wants_test_events || trigger->waits_for(Trigger::When::test);
    }
  }

  void watch_expected_calls() {
    for (const Expectation& expected : plan_.scenario.expect) {
      plan_.wants_test_events = plan_.wants_test_events ||
                                expected.type == "tests" ||
                                (expected.type == "snapshot" && plan_.has_go());
    }
    CallWatch watch = watch_calls(plan_);
    for (CallWatch::Trouble& what : watch.troubles) {
      trouble(what.place, std::move(what.what));
    }
    auto& rules = plan_.launch.links[plan_.scenario.workload.main_link()].rules;
    std::move(watch.rules.begin(), watch.rules.end(),
              std::back_inserter(rules));
  }

  void add_observers() {
    const auto& looks = plan_.scenario.observe.goroutines;
    if (looks) {
      const Workload& workload = plan_.scenario.workload;
      plan_.wants_test_events =
          plan_.wants_test_events || looks->looks_at(LookMoment::test);
      plan_.launch.links[workload.main_link()].looks_at_exit =
          looks->looks_at(LookMoment::end) && !workload.service;
    }
    const auto& profile = plan_.scenario.observe.profile;
    if (profile && profile->takes(ProfileKind::perf)) {
      // From its first instruction on, before it has threads.
      plan_.launch.needs.emplace_back(kNeedsSamples);
      plan_.launch.needs.emplace_back(kNeedsTrace);
    }
    for (PlanTrouble& what : observe_troubles(plan_.scenario)) {
      troubles_.push_back(std::move(what));
    }
  }

  void check_triggers() {
    const std::vector<Fault>& faults = plan_.scenario.faults;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      for (const Trigger* trigger : faults[i].triggers()) {
        check_names(*trigger, static_cast<FaultId>(i));
      }
    }
  }

  void check_names(const Trigger& trigger, FaultId own) {
    const std::vector<Fault>& faults = plan_.scenario.faults;
    for (const char* key : {"fault", "release"}) {
      const auto* name = trigger.params.find<std::string>(key);
      if (name == nullptr) {
        continue;
      }
      std::vector<FaultId> called = faults_called(faults, *name, own);
      bool released =
          std::any_of(called.begin(), called.end(), [&](FaultId other) {
            return faults[static_cast<std::size_t>(other)].is_released();
          });
      if (called.empty()) {
        trouble(trigger.params.place(key),
                "no other fault has the name '" + *name + "'");
      } else if (std::string_view(key) == "release" && !released) {
        trouble(trigger.params.place(key),
                "'" + *name + "' is never released: it has no until");
      }
    }
  }

  bool has_link(Link link) const {
    if (!plan_.has_go()) {
      return link == plan_.scenario.workload.main_link();
    }
    return link == Link::test || (link == Link::go && plan_.chain());
  }

  std::string no_link(Link link) const {
    std::string name(link_name(link));
    return link == Link::go && plan_.has_go()
               ? "mode: binary has no link 'go'"
               : "this workload has no link '" + name + "'";
  }

  void check_links() {
    for (const Fault& fault : plan_.scenario.faults) {
      if (!has_link(fault.at)) {
        trouble(fault.place, no_link(fault.at));
      }
      if (!fault.child.empty() &&
          !find_injector(fault.injector)->reaches_a_child) {
        trouble(fault.place, fault.injector +
                                 " cannot be at a child alone: it is for a "
                                 "whole link; only signal can");
      }
      const auto* to = fault.params.find<std::string>("to");
      auto link = to == nullptr ? std::nullopt : link_named(*to);
      if (link && !has_link(*link)) {
        trouble(fault.params.place("to"), no_link(*link));
      }
      if (fault.injector == "interpreter" && !plan_.chain()) {
        trouble(fault.place,
                "interpreter needs a go_test workload in mode: chain");
      }
    }
    for (const Fault& fault : plan_.scenario.faults) {
      for (const Trigger* trigger : fault.triggers()) {
        if (trigger->waits_for(Trigger::When::test) && !plan_.has_go()) {
          trouble(fault.place, "only go_test announces tests");
        }
      }
    }
    for (const Expectation& expected : plan_.scenario.expect) {
      if (expected.type == "tests" && !plan_.has_go()) {
        trouble(expected.place, "only go_test runs Go tests");
      }
      auto link = link_named(expected.type);
      if (link && *link != Link::recover && !has_link(*link)) {
        trouble(expected.place, no_link(*link));
      }
    }
  }

  // A process can have one listener in its chain of filters (EBUSY in
  // seccomp(2)), and the test binary inherits go's.
  void check_filters() {
    auto go = plan_.launch.links.find(Link::go);
    auto test = plan_.launch.links.find(Link::test);
    if (go != plan_.launch.links.end() && test != plan_.launch.links.end() &&
        go->second.needs_listener() && test->second.needs_listener()) {
      trouble(plan_.scenario.faults.front().place,
              "calls can be intercepted at test or at go, not at both");
    }
  }

  // What proves a rule that only the kernel sees is the difference to the
  // golden run: nothing else may differ.
  void check_static_rules() {
    for (const auto& [link, setup] : plan_.launch.links) {
      for (const CallRule& rule : setup.rules) {
        if (rule.in_kernel && plan_.scenario.faults.size() > 1) {
          trouble(plan_.scenario.faults.front().place,
                  "static: true must be the only fault, for its only proof is "
                  "the difference to the golden run");
          return;
        }
      }
    }
  }

  // Their answers are the clock's, and the reads of the program that we let run
  // are none of its calls.
  void check_clocks() {
    const std::array<std::string_view, 4> taken{"arch_prctl", "clock_gettime",
                                                "gettimeofday", "time"};
    for (const auto& [link, setup] : plan_.launch.links) {
      for (const CallRule& rule : setup.rules) {
        auto named = std::find_first_of(taken.begin(), taken.end(),
                                        rule.calls.begin(), rule.calls.end());
        if (!setup.clock.empty() && named != taken.end()) {
          trouble(plan_.scenario.faults.front().place,
                  std::string(*named) +
                      " is answered by the clock: no fault and no expectation "
                      "beside it can ask for it");
          return;
        }
      }
    }
  }

  void check_crashes() {
    for (const auto& [link, setup] : plan_.launch.links) {
      const Workload& workload = plan_.scenario.workload;
      if (setup.crash && workload.recover.empty()) {
        trouble(workload.place,
                "a crash is judged by what comes next: give the workload a "
                "command `recover`, which exits 0 where all is well");
      }
    }
  }

  // Only of a service that stands still it can be known.
  bool asks_what_was_in_flight() const {
    const auto& service = plan_.scenario.workload.service;
    const auto& expect = plan_.scenario.expect;
    return service && !service->load.empty() &&
           std::any_of(expect.begin(), expect.end(), [](const auto& asked) {
             return asked.params.has("graceful") ||
                    asked.params.has("in_flight") ||
                    asked.type == "connections";
           });
  }

  void settle_needs() {
    for (const auto& [link, setup] : plan_.launch.links) {
      if (setup.needs_listener()) {
        plan_.launch.needs.emplace_back(kNeedsNotify);
      }
      if (!setup.held_for.empty()) {
        plan_.launch.needs.emplace_back(kNeedsTrace);
      }
      if (setup.needs_copies()) {
        plan_.launch.needs.emplace_back(kNeedsCopies);
      }
    }
    const auto& service = plan_.scenario.workload.service;
    if (service && service->pid1) {
      plan_.launch.needs.emplace_back("CAP_SYS_ADMIN");
    }
    if (asks_what_was_in_flight()) {
      plan_.launch.needs.emplace_back(kNeedsFreezer);
    }
    if (plan_.scenario.observe.timeline) {
      plan_.launch.needs.emplace_back(kNeedsTraceReader);
    }
    std::vector<std::string>& needs = plan_.launch.needs;
    needs.insert(needs.end(), plan_.scenario.needs.begin(),
                 plan_.scenario.needs.end());
    for (const char* need : needs_of_sweep(plan_.scenario)) {
      needs.emplace_back(need);
    }
    for (const char* need : needs_of_networks(plan_)) {
      needs.emplace_back(need);
    }
    std::sort(needs.begin(), needs.end());
    needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  }

  Plan plan_;
  std::vector<PlanTrouble> troubles_;
};

}  // namespace

Planned make_plan(const Scenario& scenario, std::uint64_t seed) {
  return Planner(scenario, seed).make();
}

Result<Plan> plan_or_trouble(const Scenario& scenario) {
  Planned planned = make_plan(scenario, 1);
  if (!planned.plan) {
    return usage_error(planned.troubles.empty() ? "this cannot be planned"
                                                : planned.troubles[0].what);
  }
  return std::move(*planned.plan);
}

Language full_language() {
  Language language;
  for (const InjectorType* type : injector_types()) {
    language.injectors.push_back(type->section);
  }
  for (const ExpectationType* type : expectation_types()) {
    language.expectations.push_back(type->section);
  }
  return language;
}

std::map<std::string, std::string, std::less<>> injector_proofs() {
  std::map<std::string, std::string, std::less<>> out;
  for (const InjectorType* type : injector_types()) {
    out[std::string(type->section->name)] = std::string(type->proof);
  }
  return out;
}

}  // namespace faultrig
