// `observe`: what is recorded beside how a workload ends.
#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

constexpr std::string_view kGoroutines = "goroutines";
constexpr std::string_view kProfile = "profile";
constexpr std::string_view kTimeline = "timeline";
constexpr std::string_view kSpans = "spans";

constexpr std::chrono::milliseconds kLeastPeriod{1};

// Where the author names no moment.
std::set<LookMoment> usual_moments(WorkloadForm form) {
  return {form == WorkloadForm::service ? LookMoment::ready : LookMoment::start,
          LookMoment::fault, LookMoment::end};
}

// Why this workload has no such moment; empty: it has.
std::string why_no_moment(LookMoment moment, WorkloadForm form) {
  if (moment == LookMoment::ready && form != WorkloadForm::service &&
      form != WorkloadForm::unknown) {
    return "only a service gets ready";
  }
  if (moment == LookMoment::test && form != WorkloadForm::go_test &&
      form != WorkloadForm::unknown) {
    return "only go_test runs Go tests";
  }
  return "";
}

GoroutineObserver read_goroutines(const YamlNode& node,
                                  const ReaderContext& here) {
  GoroutineObserver out;
  out.place = node.key_spot.place;
  Params params =
      read_section(observe_goroutines_section(), node, here.complaints);
  out.every = params.get_or<std::chrono::nanoseconds>("every", out.every);
  if (out.every > std::chrono::nanoseconds(0)) {
    out.at = {LookMoment::end};
  } else if (params.has("every")) {
    here.complaints.add(child(node, "every")->spot,
                        "a look each 0 s is none: say a time such as 100ms");
  } else if (!params.has("at")) {
    out.at = usual_moments(here.form);
  }
  for (const std::string& name :
       params.get_or<std::vector<std::string>>("at", {})) {
    LookMoment moment = *look_moment_named(name);
    std::string wrong = why_no_moment(moment, here.form);
    if (!wrong.empty()) {
      here.complaints.add(child(node, "at")->spot, std::move(wrong));
    }
    out.at.insert(moment);
  }
  return out;
}

ProfileObserver read_profile(const YamlNode& node, const ReaderContext& here) {
  ProfileObserver out;
  out.place = node.key_spot.place;
  Params params =
      read_section(observe_profile_section(), node, here.complaints);
  for (const std::string& name :
       params.get_or<std::vector<std::string>>("of", {})) {
    out.kinds.insert(*profile_kind_named(name));
  }
  bool of_tests = out.kinds != std::set{ProfileKind::perf};
  if (of_tests && here.form != WorkloadForm::go_test &&
      here.form != WorkloadForm::unknown) {
    here.complaints.add(node.key_spot,
                        "only go_test has profiles of its own, by flags of its "
                        "test binaries: of any other workload there is perf");
  }
  return out;
}

TimelineObserver read_timeline(const YamlNode& node,
                               const ReaderContext& here) {
  TimelineObserver out;
  out.place = node.key_spot.place;
  if (here.form != WorkloadForm::go_test &&
      here.form != WorkloadForm::unknown) {
    here.complaints.add(node.key_spot,
                        "only go_test has a timeline: its test binaries get "
                        "the flag for it");
  }
  Params params =
      read_section(observe_timeline_section(), node, here.complaints);
  out.period = params.get_or<std::chrono::nanoseconds>("period", out.period);
  if (out.period < kLeastPeriod) {
    here.complaints.add(child(node, "period")->spot,
                        "a period of less than 1ms would cost more than the "
                        "tests: say a time such as 100ms");
  }
  if (params.has("flight")) {
    here.complaints.add(
        child(node, "flight")->spot,
        "faultrig keeps no flight recorder: that is a call in the program "
        "(runtime/trace.FlightRecorder), to which faultrig adds nothing. "
        "Without `flight` the whole trace is kept, up to 64 MiB");
  }
  return out;
}

SpanObserver read_spans(const YamlNode& node, const ReaderContext& here) {
  SpanObserver out;
  out.place = node.key_spot.place;
  Params params = read_section(observe_spans_section(), node, here.complaints);
  out.port = static_cast<int>(params.get_or<std::int64_t>("port", 0));
  out.wait = params.get_or<std::chrono::nanoseconds>("wait", out.wait);
  return out;
}

// Reads one of a kind into `into`, once.
template <typename Observer>
void read_once(std::optional<Observer>& into, const YamlNode& node,
               const ReaderContext& here,
               Observer (*read)(const YamlNode&, const ReaderContext&)) {
  if (into) {
    here.complaints.add(node.key_spot,
                        node.key + (node.key.ends_with('s') ? " are" : " is") +
                            " observed once in a scenario");
  } else {
    into = read(node, here);
  }
}

}  // namespace

Observers read_observers(const YamlNode& node, const ReaderContext& here) {
  Observers out;
  for (const YamlNode* one : one_key_elements(
           node, "goroutines: {at: [start, end]}", here.complaints)) {
    if (one->key == kGoroutines) {
      read_once(out.goroutines, *one, here, read_goroutines);
    } else if (one->key == kProfile) {
      read_once(out.profile, *one, here, read_profile);
    } else if (one->key == kTimeline) {
      read_once(out.timeline, *one, here, read_timeline);
    } else if (one->key == kSpans) {
      read_once(out.spans, *one, here, read_spans);
    } else {
      here.complaints.add(one->key_spot,
                          "unknown observer " + quote_of(one->key) +
                              " (there are goroutines, profile, timeline and "
                              "spans)");
    }
  }
  return out;
}

}  // namespace faultrig
