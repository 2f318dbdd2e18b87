#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// What a program wrote, a line or several, as a container engine, a collector
// of logs or a driver keeps it: in JSON, in logfmt or behind the words of the
// CRI.
struct LogEnvelope {
  std::string key;     // what holds the text: `log`, `MESSAGE`, `line`, ...
  std::string text;    // what the program wrote, without the end of its line
  std::string writer;  // the container or the unit, where it is named
  bool whole = true;   // does the line of the program end here?
  bool many = false;   // of a driver: all that a command wrote, lines of it
};

// Nothing if the line is none, or an event of `go test -json`. Takes any bytes.
std::optional<LogEnvelope> log_envelope(std::string_view line);

}  // namespace faultrig
