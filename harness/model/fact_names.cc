// What sources and facts are called in evidence.jsonl: a name is never changed.
#include <algorithm>
#include <array>

#include "harness/model/observation.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 7> kSources{
    "harness", "kernel", "cgroup", "seccomp", "shim", "go", "output"};

constexpr std::array<std::string_view, 86> kFacts{"run_started",
                                                  "process_started",
                                                  "process_ended",
                                                  "never_started",
                                                  "fault_installed",
                                                  "fault_activated",
                                                  "trigger_fired",
                                                  "signal_sent",
                                                  "call_intercepted",
                                                  "calls_untold",
                                                  "limit_hit",
                                                  "oom_kill",
                                                  "peak_memory",
                                                  "test_event",
                                                  "output_line",
                                                  "output_cut",
                                                  "deadline_passed",
                                                  "leftover",
                                                  "supervision_lost",
                                                  "trouble",
                                                  "run_ended",
                                                  "limit_installed",
                                                  "signal_passed",
                                                  "signal_from",
                                                  "user_time",
                                                  "system_time",
                                                  "largest_process",
                                                  "most_descriptors",
                                                  "most_processes",
                                                  "most_threads",
                                                  "last_word",
                                                  "go_crash",
                                                  "last_output",
                                                  "not_known",
                                                  "call_refused",
                                                  "path_unread",
                                                  "mount_removed",
                                                  "effects_untold",
                                                  "our_signal",
                                                  "trigger_lost",
                                                  "fault_released",
                                                  "release_lost",
                                                  "answered_again",
                                                  "calls_hidden",
                                                  "answered_before",
                                                  "service_ready",
                                                  "service_unready",
                                                  "service_stopped",
                                                  "grace_passed",
                                                  "request",
                                                  "requests_untold",
                                                  "load_ended",
                                                  "stop_begun",
                                                  "listens_at",
                                                  "health",
                                                  "files_seen",
                                                  "longest_request",
                                                  "second_ready",
                                                  "second_unready",
                                                  "write_found",
                                                  "write_lost",
                                                  "need_ready",
                                                  "need_unready",
                                                  "goroutines_seen",
                                                  "goroutines_unseen",
                                                  "asked_again",
                                                  "recover_said",
                                                  "name_asked",
                                                  "goroutine_look",
                                                  "goroutines_there",
                                                  "state_tried",
                                                  "unrecorded",
                                                  "profile_kept",
                                                  "profile_there",
                                                  "profile_untold",
                                                  "profile_lost",
                                                  "span",
                                                  "spans_lost",
                                                  "child_seen",
                                                  "child_ended",
                                                  "trace_kept",
                                                  "trace_lost",
                                                  "waited",
                                                  "collected",
                                                  "steps_taken",
                                                  "timeline_untold"};
static_assert(kFacts.size() ==
              static_cast<std::size_t>(Fact::timeline_untold) + 1);

template <typename Enum, std::size_t N>
std::optional<Enum> value_named(const std::array<std::string_view, N>& names,
                                std::string_view name) {
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return std::nullopt;
  }
  return static_cast<Enum>(found - names.begin());
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

}  // namespace faultrig
