#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/verdict.h"

namespace faultrig {

// One scenario of the report for programs on one line, to hand it to another
// process: for that it is read back, and an internal error if it is none.
std::string judgement_line(const Judgement& judgement);
Result<Judgement> parse_judgement_line(const std::string& line);

// The version of the form of these reports, which they tell as `format`: it
// grows when something that was there goes or means something else.
inline constexpr int kReportFormat = 1;

}  // namespace faultrig
