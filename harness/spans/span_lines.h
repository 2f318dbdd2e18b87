#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/span.h"

namespace faultrig {

// What the receiver of spans has to tell.

// It listens at this port of 127.0.0.1, once.
struct ReceiverReady {
  int port = 0;
};

// What came in one request, with both clocks of one instant, in nanoseconds.
struct SpansCame {
  std::int64_t monotonic_ns = 0;
  std::int64_t wall_ns = 0;
  std::vector<Span> spans;
};

// What came and is not told, or did not come whole.
struct SpansMissed {
  std::size_t count = 0;  // 0: nobody knows how many
  std::string why;
};

// Nothing follows.
struct ReceiverDone {};

using SpanNews =
    std::variant<ReceiverReady, SpansCame, SpansMissed, ReceiverDone>;

// A line of JSON without its end, and back.
std::string to_line(const SpanNews& news);
Result<SpanNews> span_news_from(const std::string& line);

}  // namespace faultrig
