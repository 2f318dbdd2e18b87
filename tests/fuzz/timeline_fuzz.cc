// Any bytes as what the reader of execution traces prints: an error, or a
// timeline of which a picture can be made that nobody's terminal obeys.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/timeline/timeline_lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  auto timeline = faultrig::read_timeline(
      std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!timeline) {
    return 0;
  }
  bool sane = timeline->from <= timeline->to && timeline->more_waits >= 0;
  for (const auto& waits : timeline->waits) {
    sane = sane && waits.stack != nullptr && waits.longest >= 0 &&
           waits.times >= 0 && waits.at >= timeline->from;
  }
  for (const auto& all : timeline->steps) {
    sane = sane && all.steps.size() <= faultrig::kMostSteps;
  }
  std::string shown = chrome_trace(*timeline);
  if (!sane || shown.find('\x1b') != std::string::npos) {
    std::abort();
  }
  return 0;
}
