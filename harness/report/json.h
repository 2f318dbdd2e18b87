#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/model/verdict.h"

namespace faultrig {

// The report for programs: `{"faultrig": version, "seed": ..., "totals":
// {...}, "scenarios": [...]}`, indented, UTF-8, with a newline at the end.
std::string json_text(std::uint64_t seed,
                      std::span<const Judgement> judgements);

}  // namespace faultrig
