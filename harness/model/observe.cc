// The keys of `observe`, and what they come to.
#include "harness/model/observe.h"

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/schema.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 6> kMoments{"start",   "ready", "fault",
                                                   "release", "test",  "end"};

struct ProfileWords {
  std::string_view name;
  std::string_view flag;
};
constexpr std::array<ProfileWords, kProfileKinds.size()> kProfiles{
    {{"cpu", "test.cpuprofile"},
     {"heap", "test.memprofile"},
     {"block", "test.blockprofile"},
     {"mutex", "test.mutexprofile"},
     {"perf", ""}}};

}  // namespace

std::string_view look_moment_name(LookMoment moment) {
  return kMoments.at(static_cast<std::size_t>(moment));
}

std::optional<LookMoment> look_moment_named(std::string_view name) {
  const auto* found = std::find(kMoments.begin(), kMoments.end(), name);
  return found == kMoments.end()
             ? std::nullopt
             : std::optional(static_cast<LookMoment>(found - kMoments.begin()));
}

std::string GoroutineObserver::text() const {
  std::vector<std::string> parts;
  if (every.count() > 0) {
    parts.push_back("every " + format_duration(every));
  }
  for (LookMoment moment : at) {
    parts.push_back("at " + std::string(look_moment_name(moment)));
  }
  return join(parts, ", ");
}

std::string_view profile_kind_name(ProfileKind kind) {
  return kProfiles.at(static_cast<std::size_t>(kind)).name;
}

std::vector<std::string_view> profile_kind_names() {
  std::vector<std::string_view> names;
  names.reserve(kProfileKinds.size());
  for (ProfileKind kind : kProfileKinds) {
    names.push_back(profile_kind_name(kind));
  }
  return names;
}

std::optional<ProfileKind> profile_kind_named(std::string_view name) {
  for (ProfileKind kind : kProfileKinds) {
    if (profile_kind_name(kind) == name) {
      return kind;
    }
  }
  return std::nullopt;
}

std::string profile_flag(ProfileKind kind) {
  return std::string(kProfiles.at(static_cast<std::size_t>(kind)).flag);
}

std::string ProfileObserver::text() const {
  std::vector<std::string> names;
  for (ProfileKind kind : kinds) {
    names.emplace_back(profile_kind_name(kind));
  }
  return join(names, ", ");
}

std::string TimelineObserver::text() const {
  return "each " + format_duration(period);
}

std::string SpanObserver::text() const {
  return (port == 0 ? "" : "port " + std::to_string(port) + ", ") + "wait " +
         format_duration(wait);
}

std::vector<std::string> Observers::texts() const {
  std::vector<std::string> out;
  if (goroutines) {
    out.push_back("goroutines, from outside: " + goroutines->text());
  }
  if (profile) {
    bool alone = profile->kinds == std::set{ProfileKind::perf};
    out.push_back((alone ? "profiles, by the kernel: "
                         : "profiles, by flags of each test binary: ") +
                  profile->text());
  }
  if (timeline) {
    out.push_back("execution trace, by a flag of each test binary, written " +
                  timeline->text());
  }
  if (spans) {
    out.push_back("spans of OTLP, received on loopback: " + spans->text());
  }
  return out;
}

std::string Observers::key() const {
  return (goroutines ? "goroutines " + goroutines->text() : "") +
         (profile ? " profile " + profile->text() : "") +
         (timeline ? " timeline " + timeline->text() : "") +
         (spans ? " spans " + spans->text() : "");
}

const Section& observe_section() {
  static const Section kSection{
      .name = "observe",
      .summary =
          "what is recorded beside how the workload ends, with faults "
          "and without: a list of maps of one key each"};
  return kSection;
}

const Section& observe_goroutines_section() {
  static const Section kSection{
      .name = "observe.goroutines",
      .summary =
          "where the goroutines of a Go program stand, read from "
          "outside, of a program that goes on meanwhile",
      .fields = {{.key = "every",
                  .kind = Kind::duration,
                  .summary = "a look each so often, and one at the end"},
                 {.key = "at",
                  .kind = Kind::texts,
                  .summary =
                      "moments: start, as soon as it runs; ready, a service "
                      "is; fault, each took effect, the first time; release, "
                      "each was released; test, one begins; end, it is about "
                      "to exit, or a service to be told to stop. Absent, and "
                      "no every: start or ready, fault, and end",
                  .choices = {"start", "ready", "fault", "release", "test",
                              "end"}},
                 {.key = "by",
                  .kind = Kind::choice,
                  .summary = "how: walk, its memory is read",
                  .fallback = "walk",
                  .choices = {"walk"}}},
      .at_most_one_of = {{"every", "at"}}};
  return kSection;
}

const Section& observe_profile_section() {
  static const Section kSection{
      .name = "observe.profile",
      .summary =
          "what Go's own profiles say of a go_test, by flags that each test "
          "binary gets; of one that does not end in order there is none, and "
          "it is told why. perf is taken from outside, of any workload, and "
          "is there however it ends",
      .fields = {{.key = "of",
                  .kind = Kind::texts,
                  .summary =
                      "cpu, where its processor time went; heap, what "
                      "allocated memory; block, what waited for others; mutex, "
                      "who kept others waiting for a lock; perf, where "
                      "processor time went, as the kernel saw it",
                  .required = true,
                  .choices = profile_kind_names()}},
      .shorthand = "of"};
  return kSection;
}

const Section& observe_timeline_section() {
  static const Section kSection{
      .name = "observe.timeline",
      .summary =
          "what Go's execution trace says of a go_test, by a flag that each "
          "test binary gets: where goroutines waited, who woke them, in which "
          "order they marked what they did, how long garbage collection "
          "stopped all",
      .fields = {{.key = "period",
                  .kind = Kind::duration,
                  .summary = "what a process that is killed loses of it, at "
                             "most, with Go 1.22 or newer; an older one loses "
                             "all",
                  .fallback = "100ms"},
                 {.key = "flight",
                  .kind = Kind::size,
                  .summary = "not taken: only the program itself can keep the "
                             "last so many bytes"}}};
  return kSection;
}

const Section& observe_spans_section() {
  static const Section kSection{
      .name = "observe.spans",
      .summary =
          "the spans of OpenTelemetry that the workload exports: a receiver "
          "of OTLP over HTTP on loopback, which OTEL_EXPORTER_OTLP_ENDPOINT "
          "names to the workload, unless it is set already",
      .fields = {{.key = "port",
                  .kind = Kind::port,
                  .summary = "where it listens; any that is free, if absent "
                             "or true"},
                 {.key = "wait",
                  .kind = Kind::duration,
                  .summary = "so long it waits, when the workload has ended, "
                             "for connections that are still open",
                  .fallback = "1s"}}};
  return kSection;
}

}  // namespace faultrig
