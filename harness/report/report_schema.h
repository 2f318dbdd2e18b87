#pragma once

#include <string_view>

namespace faultrig {

// The JSON Schema (draft-07) of the report for programs, `--report json`.
std::string_view report_schema();

}  // namespace faultrig
