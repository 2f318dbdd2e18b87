#pragma once

#include <chrono>
#include <string>

#include "harness/model/verdict.h"

namespace faultrig {

// How results are laid out for people.
struct TextStyle {
  bool color = false;           // ANSI colours, and only then any escape
  std::size_t name_width = 28;  // columns for the scenarios' names
};

// The line of one result; below it, unless it passed, what was expected and
// observed, why, and the command that repeats it. Ends in a newline. Whatever
// a workload printed is escaped.
std::string result_text(const Judgement& judgement, const TextStyle& style);

// `42 passed, 1 failed, 2 skipped, 1 inconclusive in 12.3 s`, with a newline.
std::string summary_text(const Totals& totals, std::chrono::nanoseconds took,
                         const TextStyle& style);

}  // namespace faultrig
