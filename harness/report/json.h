#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/base/result.h"
#include "harness/model/verdict.h"

namespace faultrig {

// The report for programs: `{"faultrig": version, "seed": ..., "totals":
// {...}, "scenarios": [...]}`, indented, UTF-8, with a newline at the end.
std::string json_text(std::uint64_t seed,
                      std::span<const Judgement> judgements);

// One of its scenarios on one line, to hand it to another process: for that it
// is read back, and an internal error if it is none.
std::string judgement_line(const Judgement& judgement);
Result<Judgement> parse_judgement_line(const std::string& line);

}  // namespace faultrig
