// test2json makes an event of each line, and of the parts of a line that was
// left open; the events of packages that are tested at once are mixed. Whether
// there are events is told by the command line: a test may print them too.
#include "harness/judge/printed_text.h"

#include <map>

#include "harness/base/text.h"
#include "harness/judge/test_event.h"

namespace faultrig {

namespace {

bool has_events(const Evidence& evidence) {
  auto started = evidence.first(Fact::run_started);
  if (!started) {
    return false;
  }
  const std::string words = " " + evidence.trace()[*started].text + " ";
  return words.find(" -json ") != std::string::npos ||
         words.find(" --json ") != std::string::npos;
}

}  // namespace

std::string printed_text(const Evidence& evidence) {
  if (!has_events(evidence)) {
    return evidence.out();
  }
  std::map<std::string, std::string> outputs;  // by package
  std::string others;
  for (std::string_view line : lines_of(evidence.out())) {
    if (auto event = test_event(line)) {
      outputs[event->package] += event->output;
    } else {
      others += line;
      others += '\n';
    }
  }
  std::string text;
  for (const auto& [package, output] : outputs) {
    text += output;
    text += output.empty() || output.ends_with('\n') ? "" : "\n";
  }
  return text + others;
}

}  // namespace faultrig
