// A program says when its spans were by its wall clock; the receiver notes both
// clocks of the instant at which they came, so that a step of the wall clock
// moves only what was before it and came behind it.
#include "harness/run/taken_spans.h"

#include <chrono>

namespace faultrig {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
// A span may seem to be so much before the run.
constexpr std::int64_t kEarly = 100 * kMillisecond;
// And so much behind the moment at which it came: it has ended before.
constexpr std::int64_t kLate = kMillisecond;

Observation placed(const Span& span, std::int64_t end) {
  Observation seen;
  seen.source = Source::go;
  seen.fact = Fact::span;
  seen.at = std::chrono::nanoseconds(end);
  seen.pid = span.pid;
  seen.number = span.end_ns - span.start_ns;
  seen.text = span.name;
  seen.stream = span.service;
  seen.action = span_status_name(span.status);
  bool coarse =
      span.start_ns % kMillisecond == 0 && span.end_ns % kMillisecond == 0;
  seen.names = {span.trace,
                span.id,
                span.parent,
                span.kind,
                span.message,
                span.error,
                coarse ? std::string(kCoarseClock) : std::string()};
  return seen;
}

}  // namespace

PlacedSpans TakenSpans::take(const SpansCame& came, std::int64_t launched) {
  PlacedSpans out;
  for (const Span& span : came.spans) {
    // Where it would be if its clock were ours; neither is below 0.
    std::int64_t end = came.monotonic_ns - (came.wall_ns - span.end_ns);
    std::int64_t took = span.end_ns - span.start_ns;
    if (end > came.monotonic_ns + kLate || end - took < launched - kEarly) {
      ++out.strange;
      continue;
    }
    auto [known, fresh] = by_ids_.emplace(span.trace + span.id, span);
    if (fresh) {
      out.spans.push_back(placed(span, end));
    } else if (known->second != span) {
      ++out.alike;
    }
  }
  return out;
}

}  // namespace faultrig
