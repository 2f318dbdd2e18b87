#include "harness/model/profile.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/units.h"

namespace faultrig {

GoStack Profile::stack(const Stack& one, std::size_t most) const {
  GoStack out;
  for (std::size_t i = 0; i < std::min(most, one.functions.size()); ++i) {
    out.frames.push_back({functions.at(one.functions[i]), "", 0});
    if (out.frames.back().function == kUnknownFunction) {
      out.unknown = "one of its functions has no name";
    }
  }
  if (one.functions.size() > most) {
    out.unknown = "it is deeper than what is told";
  }
  return out;
}

std::string amount_text(std::int64_t value, const std::string& unit) {
  if (unit == "nanoseconds") {
    return format_elapsed(std::chrono::nanoseconds(value));
  }
  constexpr double kMiB = 1 << 20;
  auto bytes = static_cast<double>(value);
  return unit != "bytes" ? std::to_string(value)
         : bytes >= kMiB ? fmt::format("{:.1f} MiB", bytes / kMiB)
                         : fmt::format("{:.1f} KiB", bytes / 1024);
}

}  // namespace faultrig
