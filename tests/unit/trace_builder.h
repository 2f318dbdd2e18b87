#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "harness/judge/expectation.h"

namespace faultrig {

// Evidence by hand. Each observation comes a millisecond after the last.
class TraceBuilder {
 public:
  TraceBuilder& add(Observation observation) {
    at_ += std::chrono::milliseconds(1);
    observation.at = at_;
    parts.trace.push_back(std::move(observation));
    return *this;
  }
  TraceBuilder& add(Fact fact, const std::string& link = "",
                    std::int64_t number = 0, const std::string& text = "") {
    Observation observation;
    observation.fact = fact;
    observation.link = link;
    observation.number = number;
    observation.text = text;
    return add(std::move(observation));
  }
  TraceBuilder& wait(std::chrono::milliseconds time) {
    at_ += time;
    return *this;
  }

  TraceBuilder& fault(const std::string& injector,
                      const std::string& name = "") {
    parts.injectors.push_back(injector);
    parts.fault_names.push_back(name.empty() ? injector : name);
    return add_fault(Fact::fault_installed,
                     static_cast<int>(parts.injectors.size()) - 1);
  }
  TraceBuilder& took_effect(int fault = 0, const std::string& proof = "") {
    return add_fault(Fact::fault_activated, fault, proof);
  }
  TraceBuilder& exited(const std::string& link, int code,
                       const std::string& program = "") {
    return add(Fact::process_ended, link, WaitStatus::of_exit(code).raw(),
               program);
  }
  TraceBuilder& killed(const std::string& link, int signal,
                       const std::string& program = "") {
    return add(Fact::process_ended, link, WaitStatus::of_signal(signal).raw(),
               program);
  }
  TraceBuilder& call(const std::string& name, const std::string& path = "",
                     int error = 0) {
    Observation observation;
    observation.source = Source::seccomp;
    observation.fact = Fact::call_intercepted;
    observation.link = "test";
    observation.call = name;
    observation.path = path;
    observation.error = error;
    return add(std::move(observation));
  }
  TraceBuilder& test(const std::string& name, const std::string& action) {
    Observation observation;
    observation.source = Source::go;
    observation.fact = Fact::test_event;
    observation.text = name;
    observation.action = action;
    return add(std::move(observation));
  }

  Evidence evidence() const { return Evidence(parts); }

  Evidence::Parts parts;

 private:
  TraceBuilder& add_fault(Fact fact, int id, const std::string& text = "") {
    Observation observation;
    observation.fact = fact;
    observation.fault = id;
    observation.text = text;
    return add(std::move(observation));
  }

  std::chrono::nanoseconds at_{0};
};

// What the expectation of this name answers.
inline Finding ask(const std::string& expectation, const Params& params,
                   const TraceBuilder& trace) {
  return find_expectation(expectation)->check(params, trace.evidence());
}

// Params with one or two keys.
inline Params params(const std::string& key, Value value) {
  Params params;
  params.set(key, std::move(value), Place{1, 1});
  return params;
}
inline Params operator+(Params a, const Params& b) {
  for (const auto& [key, entry] : b.entries()) {
    a.set(key, entry.value, entry.place);
  }
  return a;
}

inline NumberTest equal(std::int64_t number) {
  return {NumberTest::Operator::equal, number};
}
inline NumberTest at_least(std::int64_t number) {
  return {NumberTest::Operator::at_least, number};
}
inline NumberTest at_most(std::int64_t number) {
  return {NumberTest::Operator::at_most, number};
}
inline NumberTest unequal(std::int64_t number) {
  return {NumberTest::Operator::unequal, number};
}

inline std::string text(const char* text) { return text; }

}  // namespace faultrig
