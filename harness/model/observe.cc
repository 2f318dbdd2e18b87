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

std::string Observers::key() const {
  return goroutines ? "goroutines " + goroutines->text() : "";
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

}  // namespace faultrig
