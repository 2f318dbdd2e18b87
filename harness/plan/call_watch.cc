// An error comes from a fault, and what faults do is always told: a pattern
// with an error needs nobody to watch. For any other one a rule of its own
// observes, with its own path and descriptors.
#include "harness/plan/call_watch.h"

#include <algorithm>
#include <utility>

#include "harness/judge/call_patterns.h"
#include "harness/judge/features.h"
#include "harness/judge/service_facts.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

bool share_a_call(const CallRule& rule, const CallPattern& pattern) {
  return pattern.calls.empty() ||
         std::any_of(rule.calls.begin(), rule.calls.end(),
                     [&](const std::string& call) {
                       return std::find(pattern.calls.begin(),
                                        pattern.calls.end(),
                                        call) != pattern.calls.end();
                     });
}

// Without a name: every call that has such an argument.
std::vector<std::string> calls_of(const CallPattern& pattern) {
  std::vector<std::string> names = pattern.calls;
  for (const Syscall& call : all_syscalls()) {
    bool path =
        !pattern.path.empty() && pattern.fd.empty() && call.path_argument >= 0;
    if (pattern.calls.empty() && (path || call.fd_argument >= 0)) {
      names.emplace_back(call.name);
    }
  }
  return names;
}

bool names_none(const CallPattern& pattern) {
  return pattern.calls.empty() && pattern.path.empty() && pattern.fd.empty() &&
         pattern.peer.empty() && !pattern.origin.asks();
}

bool may_have_path_on_stdio(const CallRule& rule) {
  return !rule.path.empty() &&
         std::any_of(rule.calls.begin(), rule.calls.end(),
                     [](const std::string& call) {
                       const Syscall* known = find_syscall(call);
                       return known != nullptr && known->fd_argument >= 0;
                     });
}

class Watcher {
 public:
  explicit Watcher(const Plan& plan) : plan_(plan) {}

  CallWatch watch() && {
    for (const Expectation& expected : plan_.scenario.expect) {
      look_at_service(expected);
      if (expected.type == "snapshot") {
        add({calls_for_snapshots(), {}, ""}, expected);
      }
      bool again = expected.type == "recovered" && expected.params.has("call");
      if (expected.type != "calls" && !again) {
        continue;
      }
      for (const CallPattern& pattern : patterns_asked(expected.params)) {
        add(pattern, expected);
      }
    }
    return std::move(out_);
  }

 private:
  void add(const CallPattern& pattern, const Expectation& expected) {
    // Of what is counted possible.cc says so.
    std::string why = expected.params.has("fd") ? "" : cannot_be(pattern);
    why = why.empty() ? answered_in_kernel(pattern) : why;
    why = why.empty() ? names_nothing(pattern, expected) : why;
    if (!why.empty()) {
      out_.troubles.push_back({expected.place, "calls: " + why});
      return;
    }
    bool anything = names_none(pattern);
    if (pattern.error || anything) {
      return;
    }
    CallRule rule;
    rule.calls = calls_of(pattern);
    rule.path = pattern.path;
    rule.fd = fd_kind_named(pattern.fd);
    rule.peer = pattern.peer;
    rule.origin = pattern.origin;
    add_once(rule);
    // Where a fault acts on stdin, stdout or stderr, those count too; and where
    // a path is named, a shell may have put its file there.
    if (pattern.fd.empty() &&
        (acts_on_stdio(pattern) || may_have_path_on_stdio(rule))) {
      rule.fd = FdKind::stdio;
      add_once(std::move(rule));
    }
  }

  void look_at_service(const Expectation& expected) {
    if (expected.type == "service" && expected.params.has("graceful")) {
      add_once(watch_of_own_hand());
    }
  }

  void add_once(CallRule rule) {
    bool known = std::any_of(
        out_.rules.begin(), out_.rules.end(), [&](const CallRule& other) {
          return other.calls == rule.calls && other.path == rule.path &&
                 other.fd == rule.fd && other.peer == rule.peer &&
                 other.origin == rule.origin && other.test == rule.test;
        });
    if (!known) {
      out_.rules.push_back(std::move(rule));
    }
  }

  template <typename Test>
  bool any_rule(Test test) const {
    return std::any_of(plan_.launch.links.begin(), plan_.launch.links.end(),
                       [&](const auto& link) {
                         const auto& rules = link.second.rules;
                         return std::any_of(rules.begin(), rules.end(), test);
                       });
  }

  bool acts_on_stdio(const CallPattern& pattern) const {
    return any_rule([&](const CallRule& rule) {
      return !rule.is_trigger() && rule.fault != kNoFault &&
             rule.fd == FdKind::stdio && share_a_call(rule, pattern);
    });
  }

  std::string answered_in_kernel(const CallPattern& pattern) const {
    bool unseen = any_rule([&](const CallRule& rule) {
      return rule.in_kernel && share_a_call(rule, pattern);
    });
    return unseen ? "the kernel answers such calls by itself (static: true), "
                    "so that nobody can count them"
                  : "";
  }

  // What faults did is at least so much; for more than that it takes a name.
  static std::string names_nothing(const CallPattern& pattern,
                                   const Expectation& expected) {
    bool nothing = names_none(pattern) && !pattern.error;
    const auto* count = expected.params.find<NumberTest>("count");
    bool at_least =
        count == nullptr || count->op == NumberTest::Operator::at_least;
    return nothing && !at_least ? "name a call, a path, an fd, a peer or an "
                                  "error to count exactly"
                                : "";
  }

  const Plan& plan_;
  CallWatch out_;
};

}  // namespace

CallRule watch_of_own_hand() {
  CallRule rule;
  rule.calls = calls_of_own_hand();
  rule.calls.emplace_back("listen");
  rule.test = CallTest::no_urging;
  return rule;
}

CallWatch watch_calls(const Plan& plan) { return Watcher(plan).watch(); }

}  // namespace faultrig
