#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Takes the lines of a program out of what a container engine or a collector of
// logs keeps them in (LogEnvelope), once it is known that a log is kept so.
class LogWrapping {
 public:
  // Learns it from a sample: most lines are kept alike, and go speaks in them.
  void learn(const std::vector<std::string>& sample);

  // The lines that are whole with this one, without escapes; it itself where
  // nothing is kept. A writer that is named stands before its line: `NAME | `.
  std::vector<std::string> unwrap(std::string_view line);

 private:
  std::string key_;                           // of the envelope; empty: none
  std::map<std::string, std::string> parts_;  // of lines, by writer
};

}  // namespace faultrig
