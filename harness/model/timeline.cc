#include "harness/model/timeline.h"

#include "harness/base/units.h"

namespace faultrig {

std::vector<std::string_view> wait_kinds() {
  return {"any",   "channel", "forever",     "network",     "select",
          "sleep", "sync",    kWaitsForCall, kWaitsForOther};
}

std::string waited_text(std::int64_t nanoseconds) {
  constexpr std::int64_t kMicrosecond = 1000;
  return nanoseconds < 1000 * kMicrosecond
             ? std::to_string(nanoseconds / kMicrosecond) + " us"
             : format_elapsed(std::chrono::nanoseconds(nanoseconds));
}

}  // namespace faultrig
