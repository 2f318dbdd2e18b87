#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/model/run_details.h"

namespace faultrig {

// Spans that stand in one row of a picture: of one service and one trace, each
// within another one or behind it. Pure.
struct SpanLane {
  std::string service;
  std::string trace;
  std::vector<std::size_t> spans;  // indices, in the order of their start
};

// All of them, in as few rows as it goes without a search: first each service
// by its first span, then its traces likewise. What overlaps gets a row more.
std::vector<SpanLane> lanes_of(std::span<const SpanRow> spans);

}  // namespace faultrig
