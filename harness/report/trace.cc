// Runs as Chrome trace events, which Perfetto and chrome://tracing open: a
// process for each scenario, a thread for each of its processes, then one for
// each trace of a service whose spans came. Times are microseconds; slices of
// one thread nest.
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/model/observation.h"
#include "harness/report/lifetime.h"
#include "harness/report/report.h"
#include "harness/report/span_lanes.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

// The thread of what belongs to no process.
constexpr std::int64_t kOwnThread = 0;
// Behind it come those of spans: beyond the numbers of processes (PID_MAX_LIMIT
// in proc_sys_kernel(5)).
constexpr std::int64_t kFirstOfSpans = 1 << 22;
constexpr std::size_t kShownTrace = 8;  // letters of its id

double microseconds(nanoseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

Json event(const char* phase, std::size_t scenario, std::int64_t thread,
           const std::string& name) {
  return {{"ph", phase},
          {"pid", scenario},
          {"tid", thread},
          {"name", valid_utf8(name)}};
}

// One scenario's events. `start` is where its time begins in the whole.
class Track {
 public:
  Track(std::size_t number, const Judgement& judgement, nanoseconds start,
        Json& events)
      : number_(number),
        judgement_(judgement),
        start_(start),
        events_(events) {}

  void add() {
    name_it("process_name", kOwnThread, shown_name(judgement_));
    name_it("thread_name", kOwnThread, "run");
    add_slice(kOwnThread, std::string(verdict_name(judgement_.verdict)),
              nanoseconds(0), judgement_.took);
    for (const Lifetime& life : lifetimes_of(judgement_)) {
      name_it("thread_name", life.pid, life.link);
      add_slice(life.pid, life.start, life.from, life.to);
    }
    if (judgement_.details != nullptr) {
      for (const TimelineRow& row : judgement_.details->rows) {
        add_instant(row);
      }
      add_spans(*judgement_.details);
    }
  }

 private:
  void name_it(const char* what, std::int64_t thread, const std::string& name) {
    Json json = event("M", number_, thread, what);
    json["args"] = {{"name", valid_utf8(name)}};
    events_.push_back(json);
  }

  void add_spans(const RunDetails& details) {
    std::int64_t thread = kFirstOfSpans;
    for (const SpanLane& lane : lanes_of(details.spans)) {
      name_it("thread_name", ++thread,
              (lane.service.empty() ? "spans" : lane.service) + " " +
                  lane.trace.substr(0, kShownTrace));
      for (std::size_t index : lane.spans) {
        add_span(thread, details.spans[index]);
      }
    }
    if (details.spans_left_out > 0) {
      name_it("thread_name", ++thread,
              std::to_string(details.spans_left_out) + " more spans");
    }
  }

  void add_span(std::int64_t thread, const SpanRow& span) {
    add_slice(thread, span.name, span.from, span.to);
    Json& json = events_.back();
    json["cat"] = "span";
    json["args"] = {{"service", valid_utf8(span.service)},
                    {"trace", valid_utf8(span.trace)},
                    {"span", valid_utf8(span.id)},
                    {"parent", valid_utf8(span.parent)},
                    {"kind", valid_utf8(span.kind)},
                    {"status", valid_utf8(span.status)},
                    {"message", valid_utf8(span.message)},
                    {"pid", span.pid}};
  }

  // Spans are shown as what they are.
  void add_instant(const TimelineRow& row) {
    if (bounds_a_lifetime(row) || row.fact == fact_name(Fact::span)) {
      return;
    }
    Json json = event("i", number_, row.pid, row.text);
    json["ts"] = microseconds(start_ + row.at);
    json["s"] = "t";  // an instant of this thread
    json["cat"] = row.fact;
    events_.push_back(json);
  }

  void add_slice(std::int64_t thread, const std::string& name, nanoseconds from,
                 nanoseconds to) {
    Json json = event("X", number_, thread, name);
    json["ts"] = microseconds(start_ + from);
    json["dur"] = microseconds(std::max(to - from, nanoseconds(0)));
    events_.push_back(json);
  }

  std::size_t number_;
  const Judgement& judgement_;
  nanoseconds start_;
  Json& events_;
};

// Of those that were run: what was not has no time.
nanoseconds earliest(std::span<const Judgement> all) {
  nanoseconds out = nanoseconds::max();
  for (const Judgement& judgement : all) {
    out = judgement.apart.not_run.empty() ? std::min(out, judgement.started)
                                          : out;
  }
  return out;
}

class TraceReport : public Report {
 public:
  explicit TraceReport(const ReportStyle&) {}

  std::string end(const RunEnd& end) override {
    Json json;
    json["traceEvents"] = Json::array();
    json["displayTimeUnit"] = "ms";
    json["otherData"] = {{"faultrig", FAULTRIG_VERSION}};
    nanoseconds first = earliest(end.all);
    for (std::size_t i = 0; i < end.all.size(); ++i) {
      const Judgement& one = end.all[i];
      if (one.apart.not_run.empty()) {
        Track(i + 1, one, one.started - first, json["traceEvents"]).add();
      }
    }
    return for_json(json.dump(-1, ' ', false, Json::error_handler_t::replace)) +
           "\n";
  }
};

}  // namespace

ReportType trace_report() {
  return detailed_type<TraceReport>("trace", ReportType::Place::alone);
}

}  // namespace faultrig
