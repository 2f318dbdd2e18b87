// The counters only grow, so that looking now and then misses nothing but the
// moment: an effect is told at most kBetweenLooks late.
#include "harness/run/link_network.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "harness/base/names.h"
#include "harness/os/network_counters.h"
#include "harness/os/packet_counts.h"
#include "harness/os/shim_network.h"
#include "harness/run/fault_effect.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{5};

PacketRule rule_of(const PacketFault& fault) {
  PacketRule rule;
  rule.table = "faultrig" + std::to_string(fault.fault);
  rule.fate = fault.fate == PacketFate::drop     ? PacketRule::Fate::drop
              : fault.fate == PacketFate::reject ? PacketRule::Fate::reject
                                                 : PacketRule::Fate::lose;
  rule.share = fault.share;
  rule.port = fault.port;
  rule.host = fault.host;
  rule.bits = fault.bits;
  return rule;
}

std::string_view verb_of(PacketRule::Fate fate) {
  return fate == PacketRule::Fate::drop     ? "dropped"
         : fate == PacketRule::Fate::reject ? "rejected"
                                            : "lost";
}

std::string told_of(const std::optional<PacketRule>& rule,
                    std::uint64_t fresh) {
  std::string number = std::to_string(fresh);
  if (!rule) {
    return "there was no way out for " + number +
           ": OutNoRoutes of its network rose";
  }
  return number + (fresh == 1 ? " packet was " : " packets were ") +
         std::string(verb_of(rule->fate)) + ": the rule's counter rose";
}

}  // namespace

LinkNetwork::LinkNetwork(Link link, const OwnNet& net, Tools tools)
    : link_(link), cut_off_(net.is_cut_off()), tools_(std::move(tools)) {
  if (cut_off_) {
    held_.push_back({net.cut_off, std::nullopt, true});
  }
  for (const PacketFault& fault : net.packets) {
    held_.push_back({fault.fault, rule_of(fault), fault.from_start});
  }
}

std::vector<PacketRule> LinkNetwork::active_rules() const {
  std::vector<PacketRule> out;
  for (const Held& held : held_) {
    if (held.rule && held.active) {
      out.push_back(*held.rule);
    }
  }
  return out;
}

RuleNetwork LinkNetwork::step() const {
  RuleNetwork step;
  if (cut_off_) {
    return step;
  }
  step.routes = orders_for_any_address(false);
  step.routes6 = orders_for_any_address(true);
  step.filtered = !held_.empty();
  std::vector<PacketRule> rules = active_rules();
  step.rules = rules.empty() ? "" : orders_to_set(rules);
  return step;
}

void LinkNetwork::add(int pid, std::vector<Fd> fds) {
  Space space{pid, Fd(), {}};
  for (std::size_t i = 0; i < fds.size(); ++i) {
    bool rules = i == 0 && !cut_off_ && !held_.empty();
    if (rules) {
      space.rules = std::move(fds[i]);
    } else {
      space.routes.push_back(std::move(fds[i]));
    }
  }
  for (const Held& held : held_) {
    adapt(space, held);
  }
  spaces_.push_back(std::move(space));
  if (!held_.empty() && !std::exchange(looking_, true)) {
    look();
  }
}

// Its orders were given some time ago.
void LinkNetwork::adapt(const Space& space, const Held& held) {
  if (!held.rule) {
    return;
  }
  auto counted = packets_counted(space.rules.get(), question_for(*held.rule));
  if (!counted) {
    trouble(counted.error().what);
  } else if (counted->has_value() && !held.active) {
    order(space, orders_to_remove(*held.rule));
  } else if (!counted->has_value() && held.active) {
    order(space, orders_to_set({*held.rule}));
  }
}

void LinkNetwork::ended(int pid) {
  auto gone = std::find_if(spaces_.begin(), spaces_.end(),
                           [&](const Space& one) { return one.pid == pid; });
  if (gone != spaces_.end()) {
    for (Held& held : held_) {
      held.counted += held.active ? counted_in(*gone, held) : 0;
    }
    spaces_.erase(gone);
  }
  tell();
}

void LinkNetwork::select(FaultId fault, bool active) {
  for (Held& held : held_) {
    if (held.fault != fault || held.active == active || !held.rule) {
      continue;
    }
    for (const Space& space : spaces_) {
      order(space,
            active ? orders_to_set({*held.rule}) : orders_to_stop(*held.rule));
    }
    if (!active) {
      tell(held);
      held.counted = held.told;
      for (const Space& space : spaces_) {
        order(space, orders_to_remove(*held.rule));
      }
    }
    held.active = active;
  }
}

void LinkNetwork::look() {
  tell();
  looking_ = !tools_.over();
  if (looking_) {
    tools_.loop.after(kBetweenLooks, [this] { look(); });
  }
}

void LinkNetwork::tell() {
  for (Held& held : held_) {
    if (held.active) {
      tell(held);
    }
  }
}

void LinkNetwork::tell(Held& held) {
  std::uint64_t now = held.counted;
  for (const Space& space : spaces_) {
    now += counted_in(space, held);
  }
  if (now <= held.told) {
    return;
  }
  Observation effect;
  effect.source = Source::kernel;
  effect.fact = Fact::fault_activated;
  effect.fault = held.fault;
  effect.link = link_name(link_);
  effect.text = told_of(held.rule, now - held.told);
  held.told = now;
  tools_.record(std::move(effect));
}

std::uint64_t LinkNetwork::counted_in(const Space& space, const Held& held) {
  if (held.rule) {
    auto met = packets_counted(space.rules.get(), question_for(*held.rule));
    if (!met) {
      trouble(met.error().what);
    }
    return met ? met->value_or(0) : 0;
  }
  std::uint64_t sum = 0;
  for (const Fd& routes : space.routes) {
    auto missing = packets_without_route(routes);
    if (!missing) {
      trouble(missing.error().what);
    }
    sum += missing ? *missing : 0;
  }
  return sum;
}

void LinkNetwork::order(const Space& space, const std::string& orders) {
  int failed = send_orders(space.rules.get(), orders);
  if (failed != 0) {
    trouble("order nf_tables: " + std::string(errno_name(failed)));
  }
}

void LinkNetwork::trouble(const std::string& what) {
  tools_.record(link_trouble(link_, what));
}

}  // namespace faultrig
