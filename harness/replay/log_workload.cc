// Whoever wrote a log may have written anything in it: what go would take for a
// flag, a path or a pattern is no package.
#include "harness/replay/log_workload.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/base/text.h"

namespace faultrig {

namespace {

bool is_of_a_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_';
}

// May it be named to go as a package? Not `-exec=PROGRAM`, `/tmp/m`, `./...`,
// `example.com/m@v1`.
bool is_import_path(std::string_view text) {
  constexpr std::string_view kOthers = "-._~+/";
  bool plain = std::all_of(text.begin(), text.end(), [&](char letter) {
    return is_of_a_name(letter) || kOthers.find(letter) != kOthers.npos;
  });
  std::string parts = "/" + std::string(text) + "/";
  return plain && !text.empty() && text[0] != '-' &&
         text != "command-line-arguments" && parts.find("//") == parts.npos &&
         parts.find("/.") == parts.npos && parts.find("...") == parts.npos;
}

// As an expression of package regexp.
std::string as_expression(std::string_view name) {
  std::string out;
  for (char letter : name) {
    bool plain = is_of_a_name(letter) || static_cast<signed char>(letter) < 0;
    out += (plain ? "" : "\\") + std::string(1, letter);
  }
  return out;
}

std::vector<std::string> functions_of(const std::vector<std::string>& tests) {
  std::vector<std::string> out;
  for (const std::string& test : tests) {
    std::string name = as_expression(test.substr(0, test.find('/')));
    if (std::find(out.begin(), out.end(), name) == out.end()) {
      out.push_back(name);
    }
  }
  return out;
}

}  // namespace

ReplayWorkload workload_of(const Explanation& explanation,
                           const std::string& here) {
  ReplayWorkload out;
  out.dir = here;
  if (is_import_path(explanation.package)) {
    out.packages = {explanation.package};
    std::vector<std::string> tests = functions_of(explanation.tests);
    out.run = tests.empty() ? "" : "^(" + join(tests, "|") + ")$";
  }
  return out;
}

}  // namespace faultrig
