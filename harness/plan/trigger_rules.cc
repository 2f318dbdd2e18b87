#include "harness/plan/trigger_rules.h"

#include <utility>

#include "harness/model/call_origin.h"

namespace faultrig {

namespace {

using When = Trigger::When;

CallRule listening_rule(const Params& params) {
  CallRule rule;
  rule.calls = {"listen"};
  rule.moment = CallMoment::listening;
  rule.number = params.get<std::int64_t>("listening");
  return rule;
}

CallRule accepted_rule(const Params& params) {
  CallRule rule;
  rule.calls = {"accept", "accept4"};
  rule.moment = CallMoment::accepted;
  rule.number = params.get<std::int64_t>("accepted");
  return rule;
}

CallRule call_rule(const Params& params) {
  CallRule rule;
  rule.calls = params.get<std::vector<std::string>>("call");
  rule.nth = params.get_or<Nth>("nth", Nth{});
  rule.path = params.get_or<std::string>("path", "");
  rule.fd = fd_kind_named(params.get_or<std::string>("fd", ""));
  rule.peer = params.get_or<std::string>("peer", "");
  rule.origin = origin_of(params);
  bool after = params.get_or<std::string>("side", "before") == "after";
  rule.moment = after ? CallMoment::after : CallMoment::before;
  return rule;
}

}  // namespace

std::vector<CallRule> trigger_rules(const Trigger& when) {
  std::vector<CallRule> rules;
  std::vector<When> parts = when.parts();
  for (When part : parts) {
    CallRule rule;
    if (part == When::listening) {
      rule = listening_rule(when.params);
    } else if (part == When::accepted) {
      rule = accepted_rule(when.params);
    } else if (part == When::call) {
      rule = call_rule(when.params);
      rule.active_from_start = parts.size() == 1;
    } else {
      continue;
    }
    rule.role = CallRole::begins;
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<CallRule> release_rules(const Trigger& until) {
  std::vector<CallRule> rules = trigger_rules(until);
  for (CallRule& rule : rules) {
    rule.role = CallRole::ends;
    rule.active_from_start = rule.active_from_start &&
                             rule.moment != CallMoment::before &&
                             rule.moment != CallMoment::after;
  }
  return rules;
}

}  // namespace faultrig
