#pragma once

#include <cstddef>
#include <string>

#include "harness/model/replayed.h"

namespace faultrig {

// The candidate that is worth the most: the first of those whose failure came
// again each time, else most often, else the likeliest. There is one at least.
std::size_t best_of(const Replayed& replayed);

// What a file came to, for people: each candidate, what speaks for it, the
// lines it rests on, how often its failure came again. At most 80 columns but
// for what the file held, which is escaped.
std::string replay_text(const Replayed& replayed);
// A scenario, under that text as its comments: the smallest that was found, or
// the best.
std::string replay_scenario(const Replayed& replayed);
// For programs: one JSON object, indented, UTF-8.
std::string replay_json(const Replayed& replayed);

}  // namespace faultrig
