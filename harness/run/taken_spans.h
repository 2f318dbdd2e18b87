#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/spans/span_lines.h"

namespace faultrig {

// What came in one request, as evidence.
struct PlacedSpans {
  std::vector<Observation> spans;  // `at` by CLOCK_MONOTONIC; no link
  std::size_t strange = 0;         // of another time than the run
  std::size_t alike = 0;           // with the ids of another one
};

// The spans that came in a run. Pure.
class TakenSpans {
 public:
  // `launched`: when the run was, by CLOCK_MONOTONIC, in nanoseconds. One that
  // came before, word for word, is sent again, and counts once.
  PlacedSpans take(const SpansCame& came, std::int64_t launched);

 private:
  std::map<std::string, Span> by_ids_;
};

}  // namespace faultrig
