// The form is that of Chrome's trace events: times are microseconds.
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/timeline/timeline_lines.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

// The thread of what stops all goroutines.
constexpr std::int64_t kOfAll = 0;

double microseconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e3;
}

Json event(const char* phase, std::int64_t goroutine, const std::string& name,
           std::int64_t at) {
  return {{"ph", phase},
          {"pid", 1},
          {"tid", goroutine},
          {"name", valid_utf8(name)},
          {"ts", microseconds(at)}};
}

std::string place_of(const GoStack& stack) {
  std::string place = stack_text(stack);
  return place.empty() ? "" : " in " + place;
}

}  // namespace

std::string chrome_trace(const GoTimeline& timeline) {
  Json events = Json::array();
  for (const GoTimeline::Waits& waits : timeline.waits) {
    Json json = event("X", waits.goroutine, waits.word + place_of(*waits.stack),
                      waits.at - timeline.from);
    json["dur"] = microseconds(waits.longest);
    json["cat"] = waits.on;
    json["args"] = {{"times", waits.times},
                    {"all_us", microseconds(waits.total)},
                    {"woken_by", valid_utf8(waits.by)}};
    events.push_back(std::move(json));
  }
  for (const GoTimeline::Collected& collected : timeline.collected) {
    Json json = event("X", kOfAll, "garbage collection: " + collected.what,
                      collected.at - timeline.from);
    json["dur"] = microseconds(collected.longest);
    events.push_back(std::move(json));
  }
  for (const GoTimeline::Steps& all : timeline.steps) {
    for (const GoTimeline::Step& step : all.steps) {
      Json json = event("i", all.goroutine,
                        step.name.empty() ? step.function : step.name,
                        step.at - timeline.from);
      json["s"] = "t";  // an instant of this thread
      json["cat"] = valid_utf8(step.kind);
      events.push_back(std::move(json));
    }
  }
  Json json;
  json["traceEvents"] = std::move(events);
  json["displayTimeUnit"] = "ms";
  return for_json(json.dump(-1, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace faultrig
