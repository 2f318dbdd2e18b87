// What can never hold may be refused before anything runs.
#include <algorithm>
#include <array>
#include <csignal>

#include "tests/adversary/oracle.h"

namespace faultrig::adversary {

namespace {

// All choices that an expectation makes.
std::vector<Choice> choices_of(const Expectation& expected) {
  std::vector<Choice> out{expected.pattern.choice};
  for (const Pattern& pattern : expected.sequence) {
    out.push_back(pattern.choice);
  }
  return out;
}

template <typename Test>
bool any_asked(const Scene& scene, Test test) {
  for (const Expectation& expected : scene.expect) {
    std::vector<Choice> choices = choices_of(expected);
    if (std::any_of(choices.begin(), choices.end(), test)) {
      return true;
    }
  }
  return false;
}

template <typename Test>
bool all_calls(const Choice& choice, Test test) {
  for (const std::string& word : choice.calls) {
    std::vector<std::string> calls = calls_named(word);
    if (!std::all_of(calls.begin(), calls.end(), test)) {
      return false;
    }
  }
  return true;
}

// It asks for descriptors of calls that take none.
bool works_on_none(const Choice& choice) {
  return !choice.fd.empty() && all_calls(choice, [](const std::string& call) {
    return !takes_descriptor(call);
  });
}

// Neither a path nor a descriptor has a file.
bool has_no_path(const Choice& choice) {
  return !choice.path.empty() && !choice.calls.empty() &&
         all_calls(choice, [](const std::string& call) {
           return !takes_descriptor(call) && !takes_path(call);
         });
}

bool is_impossible(const Choice& choice) {
  return works_on_none(choice) || has_no_path(choice);
}

// No fault makes such a call fail so.
bool is_never_made(const Scene& scene, const Pattern& pattern) {
  return pattern.error != 0 &&
         std::none_of(scene.faults.begin(), scene.faults.end(),
                      [&](const Fault& fault) {
                        return fault.injector == "syscall" &&
                               fault.doing == Doing::error &&
                               fault.value == pattern.error &&
                               name_one_call(pattern.choice, fault.choice);
                      });
}

long most_effects(const Scene& scene, const std::string& name) {
  constexpr long kUnbounded = 1'000'000'000;
  long most = 0;
  for (const Fault& fault : scene.faults) {
    if (fault.name != name && fault.injector != name) {
      continue;
    }
    bool bounded = fault.nth && fault.nth->last;
    most += fault.injector == "signal" ? fault.times
            : bounded
                ? (*fault.nth->last - fault.nth->first) / fault.nth->step + 1
                : kUnbounded;
  }
  return most;
}

// The answer is the same whatever happens.
bool is_settled(const Scene& scene, const Expectation& expected) {
  using Kind = Expectation::Kind;
  bool counts =
      expected.kind == Kind::calls || expected.kind == Kind::sequence ||
      expected.kind == Kind::took_effect || expected.kind == Kind::leftovers;
  bool always = counts && expected.number &&
                expected.number->op == Number::Op::at_least &&
                expected.number->value == 0;
  bool above = expected.kind == Kind::took_effect && expected.number &&
               (expected.number->op == Number::Op::at_least ||
                expected.number->op == Number::Op::equal) &&
               expected.number->value > most_effects(scene, expected.text);
  bool harmless = expected.kind == Kind::killed_by &&
                  (expected.signal == SIGURG || expected.signal == SIGWINCH);
  bool unmade = is_never_made(scene, expected.pattern) ||
                std::any_of(expected.sequence.begin(), expected.sequence.end(),
                            [&](const Pattern& pattern) {
                              return is_never_made(scene, pattern);
                            });
  return always || above || harmless || unmade;
}

}  // namespace

bool name_one_call(const Choice& a, const Choice& b) {
  return a.calls.empty() || b.calls.empty() ||
         !all_calls(a, [&](const std::string& call) {
           return all_calls(
               b, [&](const std::string& other) { return other != call; });
         });
}

bool asks_by_fd(const Scene& scene) {
  return any_asked(scene,
                   [](const Choice& choice) { return !choice.fd.empty(); });
}

bool asks_for_static_calls(const Scene& scene) {
  return std::any_of(
      scene.faults.begin(), scene.faults.end(), [&](const Fault& fault) {
        return fault.in_kernel && any_asked(scene, [&](const Choice& choice) {
                 return name_one_call(choice, fault.choice);
               });
      });
}

namespace {

// By its own name, or all of a class.
bool names_what_is_never_short(const Choice& choice) {
  return std::any_of(
      choice.calls.begin(), choice.calls.end(), [](const std::string& word) {
        std::vector<std::string> calls = calls_named(word);
        return std::none_of(calls.begin(), calls.end(), may_be_short);
      });
}

}  // namespace

bool may_be_refused(const Scene& scene) {
  bool never = std::any_of(
      scene.faults.begin(), scene.faults.end(), [](const Fault& fault) {
        bool never_short = fault.injector == "syscall" &&
                           fault.doing == Doing::shortened &&
                           names_what_is_never_short(fault.choice);
        bool own_exec = fault.in_kernel &&
                        !all_calls(fault.choice, [](const std::string& call) {
                          return call != "execve";
                        });
        return never_short || own_exec || is_impossible(fault.choice) ||
               is_impossible(fault.when.choice);
      });
  bool settled = std::any_of(
      scene.expect.begin(), scene.expect.end(),
      [&](const Expectation& expected) { return is_settled(scene, expected); });
  return never || settled || asks_for_static_calls(scene) ||
         any_asked(scene, is_impossible);
}

namespace {

// What two questions of one family ask after may be the same.
int family_of(const Expectation& expected) {
  using Kind = Expectation::Kind;
  switch (expected.kind) {
    case Kind::exited:
    case Kind::killed_by:
    case Kind::shell:
      return 0;
    case Kind::calls:
    case Kind::sequence:
      return 1;
    case Kind::took_effect:
      return 2;
    case Kind::output:
      return 3;
    case Kind::leftovers:
      return 4;
  }
  return 5;
}

}  // namespace

bool may_contradict(const Scene& scene) {
  std::array<int, 6> asked{};
  for (const Expectation& expected : scene.expect) {
    int family = family_of(expected);
    // That it came is asked of every fault.
    bool counts_effects = family == 2 && expected.number;
    asked.at(static_cast<std::size_t>(family)) += counts_effects ? 2 : 1;
  }
  return std::any_of(asked.begin(), asked.end(),
                     [](int times) { return times > 1; });
}

}  // namespace faultrig::adversary
