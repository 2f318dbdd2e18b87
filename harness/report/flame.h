#pragma once

#include <string>
#include <string_view>

#include "harness/model/profile.h"

namespace faultrig {

// How much of what was spent: `cpu: 600 ms in 13 stacks`. Its words are a
// file's, of anybody's making.
std::string spent_text(const Profile& profile);

// Folded stacks, what tools for flame graphs take: a line `outer;inner N` for
// each stack, the outermost function first, in the order of their names. What
// would end a name or a line is `_`.
std::string folded_stacks(const Profile& profile);

// A flame graph as a file of SVG 1.1 without scripts: a rectangle for each
// function on a stack, as wide as its share of all, above those that called it;
// what it is called and how much it spent shows when the pointer rests on it.
// What is narrower than half a pixel is left out, and what is beyond the
// 20,000th rectangle. `title`: anybody's words.
std::string flame_svg(const Profile& profile, std::string_view title);

}  // namespace faultrig
