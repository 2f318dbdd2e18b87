// What can be is small enough to be listed: 256 exit codes, 64 signals, no
// start at all, and the same brought about by us at the deadline. Each question
// leaves some of it; where two together leave none, the second one is shown.
#include "harness/plan/contradictions.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <string>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/wait_status.h"
#include "harness/judge/call_patterns.h"
#include "harness/judge/crash_fate.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// One way in which a link can end.
struct End {
  bool started = true;
  bool hung = false;  // until our deadline
  WaitStatus status = WaitStatus::of_exit(0);
};

std::vector<End> all_ends() {
  constexpr int kSignals = 64;
  constexpr int kCodes = 256;
  std::vector<End> ends{{false, false}};
  for (bool hung : {false, true}) {
    for (int code = 0; code < kCodes; ++code) {
      ends.push_back({true, hung, WaitStatus::of_exit(code)});
    }
    for (int signal = 1; signal <= kSignals; ++signal) {
      ends.push_back({true, hung, WaitStatus::of_signal(signal)});
    }
  }
  return ends;
}

// As link_end.cc has it; what depends on the run holds here.
bool meets(const End& end, const Params& params, bool faults) {
  if (params.has("ended")) {
    bool hung = params.get_or<std::string>("ended", "") == "hung";
    return hung ? end.hung : !end.started;
  }
  if (!end.started) {
    return false;
  }
  if (const auto* signal = params.find<std::int64_t>("killed_by")) {
    return end.status.killed() && end.status.signal() == *signal;
  }
  if (end.hung && faults) {
    return false;
  }
  if (const auto* exited = params.find<NumberTest>("exited")) {
    return end.status.exited() && exited->holds(end.status.exit_code());
  }
  const auto* shell = params.find<NumberTest>("shell");
  return shell == nullptr || shell->holds(end.status.shell_code());
}

// Numbers that a question is asked of, so that each answer it can give is met.
bool hold_together(const std::vector<NumberTest>& tests) {
  std::vector<std::int64_t> tried{0};
  for (const NumberTest& test : tests) {
    tried.insert(tried.end(), {test.number - 1, test.number, test.number + 1});
  }
  return std::any_of(tried.begin(), tried.end(), [&](std::int64_t number) {
    return number >= 0 &&
           std::all_of(tests.begin(), tests.end(),
                       [&](const auto& test) { return test.holds(number); });
  });
}

constexpr NumberTest kAtLeastOne{NumberTest::Operator::at_least, 1};

std::string key_of(const CallPattern& pattern) {
  return "calls of " + join(pattern.calls, ",") + "|" + pattern.path + "|" +
         pattern.fd + "|" + pattern.peer + "|" + pattern.origin.text() + "|" +
         (pattern.error ? std::to_string(*pattern.error) : "");
}

std::string quoted(const Expectation& expected) {
  return "'" + for_one_line(expected.text.substr(0, 100)) + "' in line " +
         std::to_string(expected.place.line);
}

class Contradictions {
 public:
  explicit Contradictions(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<PlanTrouble> find() {
    for (const char* link : {"test", "go", "command", "recover"}) {
      narrow(link);
    }
    require_effects();
    for (const Expectation& expected : scenario_.expect) {
      look_at(expected);
    }
    for (const Fault& fault : scenario_.faults) {
      look_at(fault);
    }
    return std::move(troubles_);
  }

 private:
  void trouble(Place place, std::string what) {
    troubles_.push_back({place, std::move(what)});
  }

  void narrow(const std::string& link) {
    std::vector<End> left = all_ends();
    const Expectation* last = nullptr;
    for (const Expectation& expected : scenario_.expect) {
      if (expected.type != link) {
        continue;
      }
      std::erase_if(left, [&](const End& end) {
        return !meets(end, expected.params, !scenario_.faults.empty());
      });
      if (left.empty()) {
        trouble(expected.place,
                link + " cannot end so" +
                    (last == nullptr ? "" : " beside " + quoted(*last)));
        break;
      }
      last = &expected;
    }
    if (last != nullptr) {
      ends_[link] = std::move(left);
      asked_[link] = last;
    }
  }

  // Is this link known to end in none of these ways?
  template <typename Test>
  const Expectation* excludes(const std::string& link, Test test) const {
    auto ends = ends_.find(link);
    bool none = ends != ends_.end() && !ends->second.empty() &&
                std::none_of(ends->second.begin(), ends->second.end(), test);
    return none ? asked_.at(link) : nullptr;
  }

  // A fault that need not come takes effect as often as it will.
  void require_effects() {
    for (const Fault& fault : scenario_.faults) {
      std::int64_t needed = std::count_if(
          scenario_.faults.begin(), scenario_.faults.end(),
          [&](const Fault& other) {
            return !other.optional && other.injector == fault.injector;
          });
      NumberTest least{NumberTest::Operator::at_least, needed};
      counts_["effects of " + fault.injector] = {least};
    }
    for (const Fault& fault : scenario_.faults) {
      if (fault.name != fault.injector) {
        NumberTest least{NumberTest::Operator::at_least,
                         fault.optional ? 0 : 1};
        counts_["effects of " + fault.name] = {least};
      }
    }
  }

  void count(const Expectation& expected, const std::string& key,
             const NumberTest& wanted) {
    std::vector<NumberTest>& tests = counts_[key];
    tests.push_back(wanted);
    if (!hold_together(tests)) {
      tests.pop_back();
      auto before = counted_.find(key);
      trouble(expected.place,
              wanted.text() + " cannot be" +
                  (before == counted_.end()
                       ? ": a run without a fault's effect proves nothing"
                       : " beside " + quoted(*before->second)));
    } else {
      counted_[key] = &expected;
    }
  }

  void look_at(const Expectation& expected) {
    const Params& params = expected.params;
    if (expected.type == "took_effect") {
      count(expected, "effects of " + params.get_or<std::string>("fault", ""),
            params.get_or("times", kAtLeastOne));
    } else if (expected.type == "leftovers") {
      count(expected, "leftovers", params.get_or("count", NumberTest{}));
    } else if (expected.type == "oom") {
      NumberTest least{NumberTest::Operator::at_least,
                       params.get_or<std::int64_t>("at_least", 1)};
      count(expected, "oom kills", params.get_or("kills", least));
    } else if (expected.type == "calls") {
      look_at_calls(expected);
    } else if (expected.type == "tests") {
      look_at_tests(expected);
    } else if (expected.type == "output") {
      look_at_output(expected);
    } else if (expected.type == "ended") {
      look_at_ended(expected);
    } else if (expected.type == "panic") {
      look_at_panic(expected);
    }
  }

  void look_at_calls(const Expectation& expected) {
    const Params& params = expected.params;
    auto sequence = params.get_or<std::vector<CallPattern>>("sequence", {});
    if (sequence.empty()) {
      count(expected, key_of(patterns_asked(params).front()),
            params.get_or("count", kAtLeastOne));
    }
    std::map<std::string, std::int64_t> times;
    for (const CallPattern& pattern : sequence) {
      ++times[key_of(pattern)];
    }
    for (const auto& [key, number] : times) {
      count(expected, key, {NumberTest::Operator::at_least, number});
    }
  }

  void look_at_tests(const Expectation& expected) {
    using Names = std::map<std::string, std::string>;
    auto starts = [](const End& end) { return end.started; };
    if (const Expectation* other = excludes("test", starts)) {
      trouble(expected.place, "no test ends beside " + quoted(*other));
    }
    for (const auto& [name, end] : expected.params.get_or<Names>("each", {})) {
      auto [known, added] = tests_.emplace(name, end);
      if (!added && known->second != end) {
        trouble(expected.place, join({name, "cannot be", end + ": it is",
                                      known->second, "above"},
                                     " "));
      }
    }
    for (const auto& [name, end] : expected.params.get_or<Names>("each", {})) {
      auto parent = tests_.find(name.substr(0, name.find('/')));
      bool bad = end == "fail" || end == "unfinished";
      if (bad && name.find('/') != name.npos && parent != tests_.end() &&
          parent->second == "pass") {
        trouble(expected.place,
                join({parent->first, "does not pass where", name,
                      end == "fail" ? "fails" : "never ends"},
                     " "));
      }
    }
  }

  void look_at_output(const Expectation& expected) {
    const auto* lacks = expected.params.find<std::string>("lacks");
    std::string of = expected.params.get_or<std::string>("of", "");
    for (const Expectation& other : scenario_.expect) {
      const auto* has = other.params.find<std::string>("contains");
      bool same =
          of.empty() || of == other.params.get_or<std::string>("of", "");
      if (other.type == "output" && lacks != nullptr && has != nullptr &&
          same && has->find(*lacks) != std::string::npos) {
        trouble(expected.place, "this cannot be beside " + quoted(other));
      }
    }
  }

  // The time from the first effect to an end that is not ours.
  void look_at_ended(const Expectation& expected) {
    const Workload& workload = scenario_.workload;
    if (scenario_.faults.empty()) {
      trouble(expected.place,
              "no fault can take effect: there is nothing to "
              "count from");
    }
    for (const char* link : {"test", "go", "command", "recover"}) {
      auto by_itself = [](const End& end) { return !end.hung; };
      if (const Expectation* other = excludes(link, by_itself)) {
        trouble(expected.place,
                "what hangs does not end by itself: " + quoted(*other));
      }
    }
    bool chain =
        workload.go_test && workload.go_test->mode == GoTest::Mode::chain;
    nanoseconds most = workload.deadline;
    most += chain ? workload.compile_within : nanoseconds(0);
    auto within = expected.params.get_or("within", nanoseconds(0));
    if (within > most) {
      trouble(expected.params.place("within"),
              "the run is stopped after " + format_duration(most) +
                  ": within " + format_duration(within) + " asks nothing");
    }
  }

  // A child may have panicked: then a command at least fails.
  void look_at_panic(const Expectation& expected) {
    auto crashes = [](const End& end) {
      return end.started && is_of_a_crash(end.status);
    };
    auto fails = [](const End& end) {
      return end.started && !end.status.clean();
    };
    const Expectation* other = excludes("test", crashes);
    other = other == nullptr ? excludes("command", fails) : other;
    if (other != nullptr) {
      trouble(expected.place,
              "no program is ended by a panic beside " + quoted(*other));
    }
  }

  // What comes after the deadline does not come.
  void look_at(const Fault& fault) {
    nanoseconds deadline = scenario_.workload.deadline;
    bool from_launch = fault.at != Link::go || !scenario_.workload.go_test;
    std::vector<const Params*> all{&fault.params};
    for (const Trigger* trigger : fault.triggers()) {
      all.push_back(&trigger->params);
    }
    for (const Params* params : all) {
      for (const char* key : {"after", "delay", "pre_stop"}) {
        const auto* time = params->find<nanoseconds>(key);
        if (time != nullptr && from_launch && !fault.optional &&
            *time >= deadline) {
          trouble(params->place(key),
                  "the run is stopped after " + format_duration(deadline) +
                      ": " + format_duration(*time) + " never pass");
        }
      }
    }
    if (fault.params.get_or("static", false) && !scenario_.golden &&
        !fault.optional) {
      trouble(fault.params.place("static"),
              "only a golden run proves it: not with golden: false");
    }
  }

  const Scenario& scenario_;
  std::map<std::string, std::vector<End>> ends_;
  std::map<std::string, const Expectation*> asked_;  // last of the link
  std::map<std::string, std::vector<NumberTest>> counts_;
  std::map<std::string, const Expectation*> counted_;
  std::map<std::string, std::string> tests_;
  std::vector<PlanTrouble> troubles_;
};

}  // namespace

std::vector<PlanTrouble> contradictions_in(const Scenario& scenario) {
  return Contradictions(scenario).find();
}

}  // namespace faultrig
