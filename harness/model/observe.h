#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/values.h"

namespace faultrig {

struct Section;

// When goroutines are looked at, beside each so often.
enum class LookMoment {
  start,    // as soon as the program runs
  ready,    // the service is
  fault,    // each fault took effect, the first time
  release,  // each fault was released
  test,     // a test begins
  end       // the program is about to exit; a service is about to be told to
};
std::string_view look_moment_name(LookMoment moment);
std::optional<LookMoment> look_moment_named(std::string_view name);

// The moments of looks that nobody asks for by name, as in evidence.
inline constexpr std::string_view kLookEvery = "every";
inline constexpr std::string_view kLookLate = "late";  // its time is nearly up

// `goroutines` of `observe`.
struct GoroutineObserver {
  std::chrono::nanoseconds every{0};  // 0: at moments only
  std::set<LookMoment> at;
  Place place;

  bool looks_at(LookMoment moment) const { return at.contains(moment); }
  // `every 100ms, at end`: as in a plan.
  std::string text() const;
};

// What a Go test can write of itself when it ends in order (testing(1), pprof);
// and what the kernel tells us of any program, however it ends
// (perf_event_open(2)).
enum class ProfileKind { cpu, heap, block, mutex, perf };
inline constexpr std::array kProfileKinds{
    ProfileKind::cpu, ProfileKind::heap, ProfileKind::block, ProfileKind::mutex,
    ProfileKind::perf};
std::string_view profile_kind_name(ProfileKind kind);
// Of all, in their order.
std::vector<std::string_view> profile_kind_names();
std::optional<ProfileKind> profile_kind_named(std::string_view name);
// The flag by which a test binary writes it, without dashes: `test.cpuprofile`;
// empty: it writes none of perf.
std::string profile_flag(ProfileKind kind);

// The folder of profiles in kept evidence.
inline constexpr std::string_view kProfileFolder = "profiles";

// `profile` of `observe`.
struct ProfileObserver {
  std::set<ProfileKind> kinds;
  Place place;

  bool takes(ProfileKind kind) const { return kinds.contains(kind); }
  std::string text() const;  // `cpu, heap`
};

// `spans` of `observe`.
struct SpanObserver {
  int port = 0;  // 0: any that is free
  std::chrono::nanoseconds wait = std::chrono::seconds(1);
  Place place;

  std::string text() const;  // `wait 1s`
};

// The folder of execution traces in kept evidence.
inline constexpr std::string_view kTimelineFolder = "timelines";
// The flag by which a test binary writes one, without dashes.
inline constexpr std::string_view kTraceFlag = "test.trace";

// `timeline` of `observe`.
struct TimelineObserver {
  // What a process that is killed loses of its trace, at most (Go 1.22).
  std::chrono::nanoseconds period = std::chrono::milliseconds(100);
  Place place;

  std::string text() const;  // `each 100ms`
};

// What is recorded beside how a workload ends, in each of its runs.
struct Observers {
  std::optional<GoroutineObserver> goroutines;
  std::optional<ProfileObserver> profile;
  std::optional<TimelineObserver> timeline;
  std::optional<SpanObserver> spans;

  // What is observed, and how, as in a plan.
  std::vector<std::string> texts() const;
  // Runs with equal keys are observed alike.
  std::string key() const;
};

// The sections of `observe`; the others stand below the first.
const Section& observe_section();
const Section& observe_goroutines_section();
const Section& observe_profile_section();
const Section& observe_timeline_section();
const Section& observe_spans_section();

}  // namespace faultrig
