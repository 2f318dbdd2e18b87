#pragma once

#include <string>
#include <vector>

#include "harness/model/shutdown_map.h"

namespace faultrig {

// Phase by outcome, for the reports of a shutdown map: the columns that have
// anything in them, as heads, and a row for each phase that was looked at, with
// a cell for each column: `3 of 5`, or nothing.
struct ShutdownTable {
  struct Row {
    Phase phase = Phase::exec;
    std::vector<std::string> cells;
  };
  std::vector<std::string> heads;  // `exit 0`, `unhandled`, `lost`
  std::vector<Row> rows;
};

ShutdownTable shutdown_table(const ShutdownMap& map);

// Why points say nothing, each reason once, with the first point of it.
struct UntoldReason {
  std::string outcome;  // never, could not tell
  std::string where;
  std::string why;
  std::size_t points = 0;
};
std::vector<UntoldReason> untold_reasons(const ShutdownMap& map);

// `ready after 12 ms (http on port 8080), 31 calls until then`, or why not.
std::string golden_text(const Recording& golden);
// What was asked: the service, what tells it, and the faults beside.
std::string asked_text(const MapAsked& asked);

// `loaded: 31 answered, 2 cut, 2 lost`; nothing without requests.
std::vector<std::string> request_lines(const ShutdownMap& map);

}  // namespace faultrig
