#include "harness/model/observation.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/wait_status.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 7> kSources{
    "harness", "kernel", "cgroup", "seccomp", "shim", "go", "output"};

constexpr std::array<std::string_view, 21> kFacts{
    "run_started",      "process_started", "process_ended",    "never_started",
    "fault_installed",  "fault_activated", "trigger_fired",    "signal_sent",
    "call_intercepted", "calls_untold",    "limit_hit",        "oom_kill",
    "peak_memory",      "test_event",      "output_line",      "output_cut",
    "deadline_passed",  "leftover",        "supervision_lost", "trouble",
    "run_ended"};
static_assert(kFacts.size() == static_cast<std::size_t>(Fact::run_ended) + 1);

template <typename Enum, std::size_t N>
std::optional<Enum> value_named(const std::array<std::string_view, N>& names,
                                std::string_view name) {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return std::nullopt;
  }
  return static_cast<Enum>(found - names.begin());
}

// One line, short enough for a report; a longer text ends in `...`.
std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  bool cut = text.size() > kLongest;
  return for_one_line(text.substr(0, kLongest)) + (cut ? "..." : "");
}

std::string with_text(std::string line, const Observation& observation) {
  if (!observation.text.empty()) {
    line += ": " + shown(observation.text);
  }
  return line;
}

std::string link_of(const Observation& observation) {
  return observation.link.empty() ? "process" : shown(observation.link);
}

std::string fault_of(const Observation& observation, std::string_view name) {
  return name.empty() ? fmt::format("fault {}", observation.fault)
                      : fmt::format("fault '{}'", shown(name));
}

std::string describe_call(const Observation& observation) {
  std::string line = shown(observation.call);
  if (!observation.path.empty()) {
    line += fmt::format(" '{}'", shown(observation.path));
  }
  if (observation.number > 0) {
    line += fmt::format(" (number {})", observation.number);
  }
  if (observation.error != 0) {
    line += " failed with " + errno_name(observation.error);
  }
  return with_text(line, observation);
}

std::string describe_process(const Observation& observation) {
  std::string link = link_of(observation);
  switch (observation.fact) {
    case Fact::process_started:
      return with_text(link + " started", observation);
    case Fact::process_ended:
      return link + " " +
             WaitStatus(static_cast<int>(observation.number)).text();
    case Fact::never_started:
      return with_text(link + " never started", observation);
    case Fact::signal_sent:
      return fmt::format("{} sent to {}",
                         signal_name(static_cast<int>(observation.number)),
                         link);
    case Fact::oom_kill:
      return fmt::format("{} oom kill{} in {}", observation.number,
                         observation.number == 1 ? "" : "s", link);
    case Fact::peak_memory:
      return fmt::format("peak memory of {}: {} bytes", link,
                         observation.number);
    case Fact::leftover:
      return with_text(
          fmt::format("process {} outlived the workload", observation.pid),
          observation);
    default:
      return with_text(link + " met a limit", observation);
  }
}

std::string describe_fault(const Observation& observation,
                           std::string_view name) {
  std::string fault = fault_of(observation, name);
  switch (observation.fact) {
    case Fact::fault_installed:
      return with_text(fault + " installed", observation);
    case Fact::fault_activated:
      return with_text(fault + " took effect", observation);
    default:
      return with_text("trigger of " + fault + " fired", observation);
  }
}

}  // namespace

std::string_view source_name(Source source) {
  return kSources.at(static_cast<std::size_t>(source));
}

std::string_view fact_name(Fact fact) {
  return kFacts.at(static_cast<std::size_t>(fact));
}

std::optional<Source> source_named(std::string_view name) {
  return value_named<Source>(kSources, name);
}

std::optional<Fact> fact_named(std::string_view name) {
  return value_named<Fact>(kFacts, name);
}

std::string describe(const Observation& observation,
                     std::string_view fault_name) {
  switch (observation.fact) {
    case Fact::fault_installed:
    case Fact::fault_activated:
    case Fact::trigger_fired:
      return describe_fault(observation, fault_name);
    case Fact::call_intercepted:
      return describe_call(observation);
    case Fact::test_event:
      return fmt::format("{}: {}", shown(observation.text),
                         shown(observation.action));
    case Fact::output_line:
      return with_text("a line of " + shown(observation.stream), observation);
    case Fact::output_cut:
      return fmt::format("{} bytes of {} left out", observation.number,
                         shown(observation.stream));
    case Fact::deadline_passed:
      return fmt::format("the deadline of {} passed",
                         format_elapsed(nanoseconds(observation.number)));
    case Fact::run_started:
      return with_text("run started", observation);
    case Fact::supervision_lost:
      return with_text("supervision lost", observation);
    case Fact::trouble:
      return with_text("trouble", observation);
    case Fact::calls_untold:
      return std::to_string(observation.number) + " more intercepted calls";
    case Fact::run_ended:
      return "run ended";
    default:
      return describe_process(observation);
  }
}

}  // namespace faultrig
