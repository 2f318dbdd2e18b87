// What can never hold may be refused before anything runs.
#include <algorithm>

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

}  // namespace

bool name_one_call(const Choice& a, const Choice& b) {
  return !all_calls(a, [&](const std::string& call) {
    return all_calls(b,
                     [&](const std::string& other) { return other != call; });
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

bool may_be_refused(const Scene& scene) {
  bool never = std::any_of(
      scene.faults.begin(), scene.faults.end(), [](const Fault& fault) {
        bool never_short = fault.injector == "syscall" &&
                           fault.doing == Doing::shortened &&
                           all_calls(fault.choice, [](const std::string& call) {
                             return !may_be_short(call);
                           });
        return never_short || works_on_none(fault.choice) ||
               works_on_none(fault.when.choice);
      });
  return never || asks_for_static_calls(scene) ||
         any_asked(scene, works_on_none);
}

}  // namespace faultrig::adversary
