#pragma once

#include <string>

#include "harness/model/comparison.h"

namespace faultrig {

// A comparison for people: the verdict and the score, what is new and what is
// gone by name, what was not compared and why, and how long both took. What
// anybody's file says is escaped.
std::string compare_text(const Comparison& comparison);
// For programs: `{"first", "second", "verdict", "score", "common", "new",
// "gone", "compared", "not_compared", "latency", "notes"}`, indented, UTF-8.
std::string compare_json(const Comparison& comparison);

}  // namespace faultrig
