#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What one form of starting a cause's test showed.
struct AtlasCell {
  std::string shows;    // an exit code as a shell has it, or `hangs`
  std::string outcome;  // of explaining what it printed; log forms only
};

// One cause, provoked on this machine.
struct AtlasRow {
  std::string cause;
  std::string title;
  std::string link;
  std::string scenario;
  std::string binary;  // how the test binary, or the command, ended
  std::map<std::string, AtlasCell, std::less<>> cells;  // by atlas_columns()
  std::string evidence;  // outcome of explaining the evidence
  std::string go;        // version
  std::string skipped;   // why it was not provoked; empty: it was
};

// A way to start a test, from the inside out.
struct AtlasColumn {
  std::string_view key;    // text, v, json, go_run, shell, pipeline
  std::string_view title;  // `go test -v`
  std::string_view brief;  // `-v`
};
const std::vector<AtlasColumn>& atlas_columns();

// Where, on the way out, a reader of logs can no longer tell the cause:
// `go test`, `-v`, `-json`; empty when every form names it.
std::string lost_at(const AtlasRow& row);

}  // namespace faultrig
