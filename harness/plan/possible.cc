// A question that nothing can answer with no is a pass that was not earned; one
// that nothing can answer with yes wastes a run. Both are mistakes of the
// author's, and he is shown where.
#include "harness/plan/possible.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "harness/base/names.h"
#include "harness/inject/registry.h"
#include "harness/judge/expectation.h"
#include "harness/model/syscalls.h"
#include "harness/plan/contradictions.h"
#include "harness/plan/waiting.h"

namespace faultrig {

namespace {

using Calls = std::vector<std::string>;
using Op = NumberTest::Operator;

bool works_on_descriptor(const Syscall& call) { return call.fd_argument >= 0; }

// Its address may be a path in the file system (unix(7)): not one that is read.
bool names_address(const Syscall& call) {
  static constexpr std::array<std::string_view, 5> kCalls{
      "bind", "connect", "sendto", "sendmsg", "sendmmsg"};
  return std::find(kCalls.begin(), kCalls.end(), call.name) != kCalls.end();
}

// A socket that has an other side may be under any call on a descriptor.
bool has_other_side(const Syscall& call) {
  static constexpr std::array<std::string_view, 2> kAlone{"bind", "listen"};
  return works_on_descriptor(call) &&
         std::find(kAlone.begin(), kAlone.end(), call.name) == kAlone.end();
}

bool names_file(const Syscall& call) { return call.path_argument >= 0; }

// Is this call, in this list, one of a class that stands there as a whole? Then
// nobody named it.
bool is_of_a_class(const std::string& call, const Calls& list) {
  for (const std::string& name : call_classes()) {
    Calls members = expand_call(name);
    bool whole = std::all_of(
        members.begin(), members.end(), [&](const std::string& member) {
          return std::find(list.begin(), list.end(), member) != list.end();
        });
    if (whole &&
        std::find(members.begin(), members.end(), call) != members.end()) {
      return true;
    }
  }
  return false;
}

template <typename Holds>
bool any_call(const Calls& calls, Holds holds) {
  return std::any_of(calls.begin(), calls.end(), [&](const std::string& name) {
    const Syscall* call = find_syscall(name);
    return call != nullptr && holds(*call);
  });
}

// `openat works on no descriptor`, `none of these calls works on a descriptor`.
std::string none_of(const Calls& calls, const std::string& verb,
                    const std::string& noun) {
  return calls.size() == 1 ? calls.front() + " " + verb + " no " + noun
                           : "none of these calls " + verb + " a " + noun;
}

bool holds_somewhere(const NumberTest& test, std::int64_t most) {
  if (test.op == Op::one_of) {
    return test.number <= most ||
           std::any_of(test.others.begin(), test.others.end(),
                       [most](std::int64_t other) { return other <= most; });
  }
  bool above = test.op == Op::equal || test.op == Op::at_least;
  bool only_zero = test.op == Op::unequal && test.number == 0 && most == 0;
  return !(above && test.number > most) && !only_zero;
}

class Search {
 public:
  explicit Search(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<PlanTrouble> run() {
    if (scenario_.workload.go_test) {
      check_packages(*scenario_.workload.go_test);
    }
    for (const Fault& fault : scenario_.faults) {
      look_at(fault);
    }
    for (const Expectation& expected : scenario_.expect) {
      look_at(expected);
    }
    return std::move(troubles_);
  }

 private:
  void trouble(Place place, std::string what) {
    troubles_.push_back({place, std::move(what)});
  }

  void check_packages(const GoTest& test) {
    if (test.mode == GoTest::Mode::binary && test.packages.size() > 1) {
      trouble(scenario_.workload.place,
              "mode: binary runs one package, not " +
                  std::to_string(test.packages.size()));
    }
  }

  void look_at(const Fault& fault) {
    const InjectorType* type = find_injector(fault.injector);
    if (type != nullptr) {
      check_bounds(*type->section, fault.params);
    }
    check_selection(fault.params);
    check_selection(fault.when.params);
    check_short(fault.params);
    check_nothing(fault.params);
    check_signal(fault.params, "by");
  }

  void look_at(const Expectation& expected) {
    const ExpectationType* type = find_expectation(expected.type);
    if (type != nullptr) {
      check_bounds(*type->section, expected.params);
    }
    check_selection(expected.params);
    check_signal(expected.params, "killed_by");
    check_always(expected);
    check_range(expected.params);
    if (expected.type == "calls") {
      check_errors(expected.params);
    } else if (expected.type == "took_effect") {
      check_times(expected.params);
    } else if (expected.type == "oom") {
      check_oom(expected);
    }
  }

  // What the table of fields says of a value.
  void check_bounds(const Section& section, const Params& params) {
    for (const Field& field : section.fields) {
      std::string key(field.key);
      const auto* test = params.find<NumberTest>(key);
      const auto* text = params.find<std::string>(key);
      if (test != nullptr && field.most && test->number > *field.most) {
        trouble(params.place(key), key + " can be at most " +
                                       std::to_string(*field.most) + ", not " +
                                       std::to_string(test->number));
      }
      if (text != nullptr && field.filled && text->empty()) {
        trouble(params.place(key), key + " is empty: that asks nothing");
      }
    }
  }

  // `call` with `fd` and `path`, wherever calls are selected.
  void check_selection(const Params& params) {
    const auto* calls = params.find<Calls>("call");
    if (calls == nullptr) {
      return;
    }
    if (params.has("fd") && !any_call(*calls, works_on_descriptor)) {
      trouble(params.place("fd"), none_of(*calls, "works on", "descriptor") +
                                      ": with fd it is never selected");
    }
    if (params.has("peer") && !any_call(*calls, has_other_side)) {
      trouble(params.place("peer"), none_of(*calls, "has", "peer") +
                                        ": with peer it is never selected");
    }
    check_path(params, *calls);
  }

  void check_path(const Params& params, const Calls& calls) {
    const auto* path = params.find<std::string>("path");
    if (path == nullptr) {
      return;
    }
    bool on_descriptor = any_call(calls, works_on_descriptor);
    bool on_file = any_call(calls, names_file);
    if (!on_descriptor && !on_file) {
      trouble(params.place("path"), none_of(calls, "has", "path") +
                                        ": with path it is never selected");
    } else if (!path->starts_with("socket:") &&
               std::all_of(calls.begin(), calls.end(), is_of_an_address)) {
      trouble(params.place("path"),
              "an address of a socket is not compared with path: ask peer, "
              "which bind has not, fd: socket, or path: 'socket:*'");
    } else if (!on_descriptor && can_never_be_absolute(*path)) {
      trouble(params.place("path"),
              "paths are compared whole: begin with / or */");
    }
  }

  static bool is_of_an_address(const std::string& name) {
    const Syscall* call = find_syscall(name);
    return call != nullptr && names_address(*call);
  }

  static bool can_never_be_absolute(const std::string& glob) {
    return std::string_view("/*?[\\").find(glob.front()) ==
           std::string_view::npos;
  }

  void check_short(const Params& params) {
    const auto* most = params.find<Bytes>("short");
    const auto* calls = params.find<Calls>("call");
    if (most == nullptr || calls == nullptr) {
      return;
    }
    auto other = std::find_if(
        calls->begin(), calls->end(), [&](const std::string& call) {
          return moving_call(call) == nullptr && !is_of_a_class(call, *calls);
        });
    bool moves = any_call(*calls, [](const Syscall& call) {
      return moving_call(call.name) != nullptr;
    });
    if (!moves || other != calls->end()) {
      trouble(params.place("short"),
              "only read, write, pread64, pwrite64, recvfrom and sendto can be "
              "made short" +
                  (moves ? ", not " + *other : ""));
    } else if (most->count > kMostBytesMoved) {
      trouble(params.place("short"), "short is above 1MiB: that is never done");
    }
  }

  // A delay of nothing, a chance of none.
  void check_nothing(const Params& params) {
    const auto* delay = params.find<std::chrono::nanoseconds>("delay");
    if (delay != nullptr && delay->count() == 0) {
      trouble(params.place("delay"), "a delay of nothing has no effect");
    }
    const auto* chance = params.find<double>("chance");
    if (chance != nullptr && *chance == 0) {
      trouble(params.place("chance"), "a chance of 0% never comes");
    }
  }

  void check_signal(const Params& params, const std::string& key) {
    const auto* signal = params.find<std::int64_t>(key);
    if (signal != nullptr && params.written(key) &&
        !can_kill(static_cast<int>(*signal))) {
      trouble(params.place(key),
              signal_name(static_cast<int>(*signal)) + " never ends a process");
    }
  }

  // Counts of which every number is at least 0.
  void check_always(const Expectation& expected) {
    static constexpr std::array<std::pair<std::string_view, const char*>, 4>
        kCounts{{{"oom", "kills"},
                 {"leftovers", "count"},
                 {"calls", "count"},
                 {"took_effect", "times"}}};
    for (const auto& [type, key] : kCounts) {
      const auto* test = expected.params.find<NumberTest>(key);
      if (expected.type == type && test != nullptr &&
          test->op == Op::at_least && test->number == 0) {
        trouble(expected.params.place(key),
                "at least 0 holds whatever happens");
      }
    }
  }

  // at_least and at_most as keys of their own.
  void check_range(const Params& params) {
    const auto* least = params.find<std::int64_t>("at_least");
    const auto* most = params.find<std::int64_t>("at_most");
    for (const char* key : {"at_least", "at_most"}) {
      const auto* number = params.find<std::int64_t>(key);
      if (number != nullptr && *number < 0) {
        trouble(params.place(key), std::string(key) + " is below 0");
      }
    }
    if (least != nullptr && most != nullptr && *least > *most) {
      trouble(params.place("at_most"), "at_most is below at_least");
    }
  }

  // An error is seen where a fault makes it.
  bool is_made(int error, const Calls& calls) const {
    return std::any_of(
        scenario_.faults.begin(), scenario_.faults.end(),
        [&](const Fault& fault) {
          const auto* made = fault.params.find<std::int64_t>("error");
          const auto* of = fault.params.find<Calls>("call");
          if (made == nullptr || of == nullptr) {
            // Limits and broken programs make errors of the kernel's own.
            return fault.injector != "signal" && fault.injector != "syscall";
          }
          return *made == error &&
                 (calls.empty() ||
                  std::find_first_of(of->begin(), of->end(), calls.begin(),
                                     calls.end()) != of->end());
        });
  }

  void check_error(Place place, int error, const Calls& calls) {
    if (!is_made(error, calls)) {
      trouble(place, "no fault makes " +
                         (calls.size() == 1 ? calls.front() : "such a call") +
                         " fail with " + errno_name(error));
    }
  }

  void check_errors(const Params& params) {
    if (const auto* error = params.find<std::int64_t>("error")) {
      check_error(params.place("error"), static_cast<int>(*error),
                  params.get_or<Calls>("call", {}));
    }
    for (const CallPattern& pattern :
         params.get_or<std::vector<CallPattern>>("sequence", {})) {
      if (pattern.error) {
        check_error(params.place("sequence"), *pattern.error, pattern.calls);
      }
    }
  }

  void check_times(const Params& params) {
    const auto* times = params.find<NumberTest>("times");
    const auto* name = params.find<std::string>("fault");
    if (times == nullptr || name == nullptr) {
      return;
    }
    std::int64_t most = 0;
    for (const Fault& fault : scenario_.faults) {
      if (fault.name == *name || fault.injector == *name) {
        std::int64_t more = fault.most_effects();
        most = more > kNoBound - most ? kNoBound : most + more;
      }
    }
    if (!holds_somewhere(*times, most)) {
      trouble(params.place("times"), "'" + *name + "' takes effect at most " +
                                         std::to_string(most) +
                                         (most == 1 ? " time" : " times"));
    }
  }

  // What is killed for want of memory elsewhere is an error of the run.
  void check_oom(const Expectation& expected) {
    const Params& params = expected.params;
    const auto* kills = params.find<NumberTest>("kills");
    const auto* least = params.find<std::int64_t>("at_least");
    bool capped = std::any_of(
        scenario_.faults.begin(), scenario_.faults.end(),
        [](const Fault& fault) { return fault.injector == "memory"; });
    if (least != nullptr && *least == 0) {
      trouble(params.place("at_least"), "at least 0 holds whatever happens");
    }
    bool wants = (least != nullptr && *least > 0) ||
                 (kills != nullptr && !kills->holds(0));
    if (wants && !capped) {
      trouble(expected.place, "no fault caps memory: nothing is OOM-killed");
    }
  }

  const Scenario& scenario_;
  std::vector<PlanTrouble> troubles_;
};

}  // namespace

std::vector<PlanTrouble> impossible_in(const Scenario& scenario) {
  std::vector<PlanTrouble> troubles = Search(scenario).run();
  for (PlanTrouble& vain : waits_in_vain(scenario)) {
    troubles.push_back(std::move(vain));
  }
  return troubles.empty() ? contradictions_in(scenario) : troubles;
}

}  // namespace faultrig
