#include "harness/run/rule_book.h"

#include <algorithm>
#include <csignal>
#include <map>

#include "harness/base/text.h"
#include "harness/model/path_arguments.h"
#include "harness/model/peer.h"

namespace faultrig {

bool is_stdio_alone(const FdKinds& kinds) {
  return !kinds.empty() &&
         std::all_of(kinds.begin(), kinds.end(),
                     [](FdKind kind) { return kind == FdKind::stdio; });
}

RuleBook::RuleBook(std::vector<CallRule> rules, std::uint64_t seed)
    : seed_(seed) {
  for (CallRule& rule : rules) {
    bool active = rule.active_from_start;
    rules_.push_back({std::move(rule), active});
  }
}

void RuleBook::select(FaultId fault, bool active) {
  for (Counted& counted : rules_) {
    bool its = counted.rule.fault == fault && !counted.rule.is_trigger();
    counted.active = its ? active : counted.active;
  }
}

void RuleBook::activate_trigger(FaultId fault, bool ends) {
  for (Counted& counted : rules_) {
    bool its = counted.rule.fault == fault &&
               counted.rule.role == (ends ? CallRole::ends : CallRole::begins);
    counted.active = counted.active || its;
  }
}

void RuleBook::note_effect(std::size_t index) {
  Counted& counted = rules_[index];
  ++counted.effects;
  counted.active = counted.active && counted.effects != counted.rule.most;
}

void RuleBook::take_back_effect(const CallRule& rule) {
  for (Counted& counted : rules_) {
    if (&counted.rule == &rule) {
      bool was_last = rule.most > 0 && counted.effects == rule.most;
      counted.active = counted.active || was_last;
      --counted.effects;
    }
  }
}

bool RuleBook::names(const Counted& counted, const CallView& view) {
  const std::vector<std::string>& calls = counted.rule.calls;
  return counted.active &&
         std::find(calls.begin(), calls.end(), view.call) != calls.end();
}

namespace {

// Is it on such a descriptor, and on such a file? Nothing: which file it is
// could not be read.
std::optional<bool> is_on(const CallRule& rule, const CallView& view) {
  FdKinds kinds = view.fd_kinds();
  bool stdio = is_stdio_alone(kinds);
  bool any = rule.fd == FdKind::any_but_stdio;
  bool fd = any ? !stdio
                : std::find(kinds.begin(), kinds.end(), rule.fd) != kinds.end();
  bool asks_file = !rule.path.empty() || !any;
  bool may_be = asks_file && stdio == (rule.fd == FdKind::stdio);
  if ((fd && rule.path.empty()) || (!fd && !may_be)) {
    return fd;
  }
  const FileNames& files = view.files();
  bool fits = fd && std::any_of(files.names.begin(), files.names.end(),
                                [&](const std::string& name) {
                                  return glob_match(rule.path, name);
                                });
  return !fits && may_be && !files.unread.empty() ? std::nullopt
                                                  : std::optional(fits);
}

std::optional<bool> goes_to(const CallRule& rule, const CallView& view) {
  return rule.peer.empty() ? true : has_peer(rule.peer, view.peers().known);
}

}  // namespace

// Of a stack that is known there is one copy, which ProgramStacks keeps.
std::optional<bool> RuleBook::led_here(const Counted& counted,
                                       const CallView& view) {
  constexpr std::size_t kMostKept = 10'000;
  GoStackPtr stack = view.stack();
  if (stack == nullptr || !stack->unknown.empty()) {
    return comes_from(counted.rule.origin, view.call, stack.get());
  }
  if (counted.origins.size() >= kMostKept) {
    counted.origins.clear();
  }
  auto [known, fresh] = counted.origins.try_emplace({stack, view.call});
  if (fresh) {
    known->second = comes_from(counted.rule.origin, view.call, stack.get());
  }
  return known->second;
}

std::optional<bool> RuleBook::fits(const Counted& counted,
                                   const CallView& view) {
  const CallRule& rule = counted.rule;
  std::optional<bool> on = is_on(rule, view);
  std::optional<bool> to = on == false ? on : goes_to(rule, view);
  if (to == false || !rule.origin.asks()) {
    return to == false || on ? to : on;
  }
  auto from = led_here(counted, view);
  return from == false || (on && to) ? from : std::nullopt;
}

bool RuleBook::asks_peer(const std::string& call) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const Counted& one) {
    const std::vector<std::string>& calls = one.rule.calls;
    return !one.rule.peer.empty() &&
           std::find(calls.begin(), calls.end(), call) != calls.end();
  });
}

bool RuleBook::matches(const Counted& counted, const CallView& view) const {
  if (!names(counted, view)) {
    return false;
  }
  return counted.rule.watches_fd_limit() ? view.fd_table_full()
                                         : fits(counted, view) == true;
}

std::vector<FaultId> RuleBook::doubts(const CallView& view) const {
  std::vector<FaultId> faults;
  for (const Counted& counted : rules_) {
    if (!counted.rule.watches_fd_limit() && names(counted, view) &&
        !fits(counted, view)) {
      faults.push_back(counted.rule.fault);
    }
  }
  return faults;
}

bool RuleBook::selects(const Counted& counted, std::size_t index) const {
  if (counted.rule.nth && !counted.rule.nth->selects(counted.matches)) {
    return false;
  }
  if (counted.rule.chance) {
    // 53 bits, so that the quotient is exact in a double.
    std::uint64_t dice =
        mixed(mixed(seed_, index), static_cast<std::uint64_t>(counted.matches));
    double share = static_cast<double>(dice >> 11) / 9007199254740992.0;
    return share < *counted.rule.chance;
  }
  return true;
}

std::vector<Selected> RuleBook::look_up(const CallView& view, Which which) {
  std::vector<Selected> selected;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Counted& counted = rules_[i];
    if (counted.rule.is_trigger() != (which == Which::triggers) ||
        !matches(counted, view)) {
      continue;
    }
    ++counted.matches;
    if (selects(counted, i)) {
      selected.push_back({i, counted.matches});
    }
  }
  return selected;
}

const Selected* RuleBook::acting_of(
    const std::vector<Selected>& selected) const {
  auto acts = [this](const Selected& one) {
    return !rule(one.rule).is_trigger() &&
           rule(one.rule).action != CallAction::observe &&
           rule(one.rule).action != CallAction::redirect;
  };
  // A fault that waits for a call and leaves it alone: a busy -exec program.
  auto awaits = [this](const Selected& one) {
    return !rule(one.rule).is_trigger() && rule(one.rule).fault != kNoFault;
  };
  auto found = std::find_if(selected.begin(), selected.end(), acts);
  if (found == selected.end()) {
    found = std::find_if(selected.begin(), selected.end(), awaits);
  }
  return found == selected.end() ? nullptr : &*found;
}

std::optional<FaultId> RuleBook::passed_over(
    const std::vector<Selected>& selected, const CallRule& acting) const {
  bool runs =
      acting.action == CallAction::delay || acting.action == CallAction::signal;
  auto found =
      std::find_if(selected.begin(), selected.end(), [&](const Selected& one) {
        return rule(one.rule).action == CallAction::redirect;
      });
  return runs && found != selected.end()
             ? std::optional(rule(found->rule).fault)
             : std::nullopt;
}

std::set<FaultId> RuleBook::leading() const {
  std::set<FaultId> faults;
  for (const Counted& one : rules_) {
    if (one.rule.action == CallAction::redirect) {
      faults.insert(one.rule.fault);
    }
  }
  return faults;
}

namespace {

FilterRule::Stdio stdio_wanted(const CallRule& rule) {
  if (rule.watches_fd_limit()) {
    return FilterRule::Stdio::either;  // dup(2) of stdin takes a number too
  }
  return rule.fd == FdKind::stdio ? FilterRule::Stdio::only
                                  : FilterRule::Stdio::never;
}

FilterRule filter_rule_for(const std::string& call, const CallRule& rule) {
  FilterRule out{call, std::nullopt, -1, FilterRule::Stdio::either};
  // The filter compares one argument: of a call on two descriptors all wait.
  std::vector<int> fds = fd_arguments(call);
  if (fds.size() == 1 && may_mean_stdio(call)) {
    out.fd_argument = fds.front();
    out.stdio = stdio_wanted(rule);
  }
  if (rule.test == CallTest::names_peer && call == "sendto") {
    out.tests = {{4, FilterRule::Test::Is::other, 0}};
  }
  // Some hundreds a second of a busy program.
  if (rule.test == CallTest::no_urging && call == "tgkill") {
    out.tests = {{2, FilterRule::Test::Is::other, SIGURG}};
  }
  if (rule.in_kernel) {
    out.kernel_error = static_cast<int>(rule.number);
  }
  return out;
}

}  // namespace

std::vector<FilterRule> RuleBook::filter_rules() const {
  std::map<std::string, FilterRule> by_call;
  for (const Counted& counted : rules_) {
    if (counted.rule.in_kernel && counted.rule.action != CallAction::error) {
      continue;  // of a golden run: nothing but what every filter refuses
    }
    for (const std::string& call : counted.rule.calls) {
      FilterRule rule = filter_rule_for(call, counted.rule);
      auto [entry, added] = by_call.emplace(call, rule);
      if (added) {
        continue;
      }
      // Two rules want the same call: ask the listener about all of it.
      if (rule.stdio != entry->second.stdio) {
        entry->second.stdio = FilterRule::Stdio::either;
      }
      entry->second.kernel_error.reset();
      if (rule.tests.empty()) {
        entry->second.tests.clear();
      }
    }
  }
  std::vector<FilterRule> out;
  out.reserve(by_call.size());
  for (auto& [call, rule] : by_call) {
    out.push_back(std::move(rule));
  }
  return out;
}

}  // namespace faultrig
