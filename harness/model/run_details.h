#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace faultrig {

// One observation, told in words.
struct TimelineRow {
  std::size_t index = 0;           // into the trace, as Finding::cites counts
  std::chrono::nanoseconds at{0};  // since launch
  std::string fact;                // as in evidence.jsonl
  std::string link;                // empty: of no process of the chain
  std::int64_t pid = 0;            // 0: of none
  std::string text;                // one line, cut, safe for a terminal
};

// A span that the workload told of itself, since launch.
struct SpanRow {
  std::chrono::nanoseconds from{0};
  std::chrono::nanoseconds to{0};
  std::string service;  // as the program says all of these
  std::string trace;
  std::string id;
  std::string parent;
  std::string name;
  std::string kind;
  std::string status;
  std::string message;
  std::int64_t pid = 0;
};

// The end of a stream.
struct StreamEnd {
  std::string text;            // as it was written, whatever it holds
  std::uint64_t left_out = 0;  // bytes before it
};

// What a page or a trace shows of one run beyond its verdict. Bounded: a run
// that has a million calls is told by what its findings cite, by what happens
// to faults and processes, and by the first of the rest.
struct RunDetails {
  std::vector<std::string> tags;
  std::vector<TimelineRow> rows;  // in order of time
  std::uint64_t rows_left_out = 0;
  std::vector<SpanRow> spans;  // in the order in which they began
  std::uint64_t spans_left_out = 0;
  StreamEnd out;
  StreamEnd err;
  std::string plan;  // as `faultrig plan` shows it; empty: not known
};

}  // namespace faultrig
