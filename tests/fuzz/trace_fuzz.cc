// What strace wrote, or somebody else, cut anywhere: a scenario, or none.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/parse/yaml_tree.h"
#include "harness/replay/log_faults.h"
#include "harness/replay/replay_yaml.h"
#include "harness/replay/trace_faults.h"
#include "harness/replay/trace_reader.h"
#include "harness/report/replay_report.h"

// Each scenario is YAML, and nothing reaches a terminal.
static void check(faultrig::Replayed made) {
  for (faultrig::ReplayCandidate& one : made.candidates) {
    one.yaml = faultrig::replay_yaml(made, one);
    faultrig::Complaints complaints;
    if (!faultrig::read_yaml(one.yaml, complaints)) {
      std::abort();
    }
  }
  std::string told = made.candidates.empty() ? faultrig::replay_text(made)
                                             : faultrig::replay_scenario(made);
  for (char byte : told) {
    if (static_cast<unsigned char>(byte) < ' ' && byte != '\n') {
      std::abort();
    }
  }
  (void)faultrig::replay_json(made);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  faultrig::TraceReader reader;
  faultrig::LogFaults log;
  std::int64_t number = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    reader.take(line, {"", ++number, static_cast<std::int64_t>(size % 3)});
    log.take(line, number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  check(faultrig::replayed_trace(reader.finish(), "/"));
  check(log.replayed({}, "/"));
  return 0;
}
