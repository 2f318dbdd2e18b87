#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Reads TeamCity's service messages: `##teamcity[testFailed name='TestX'
// details='...']`, into which some drivers of go test turn its events.
class TeamcityMessages {
 public:
  // What go test -v would have printed instead of this message; nothing if the
  // line is no message.
  std::vector<std::string> lines_of(std::string_view line);

  static bool is_message(std::string_view line) {
    return line.starts_with("##teamcity[");
  }

 private:
  std::vector<std::string> end_of_suite(const std::string& name);

  std::set<std::string> failed_;  // tests of the suite, so far
};

}  // namespace faultrig
