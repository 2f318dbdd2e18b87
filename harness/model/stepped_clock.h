#pragma once

#include <string_view>

namespace faultrig {

// `action` of a Fact::fault_activated by which a clock that programs read is
// another than ours: what they say of time is not known from then on.
inline constexpr std::string_view kStepsClock = "steps a clock";

}  // namespace faultrig
