#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/lesson.h"
#include "harness/run/session.h"

namespace faultrig {

// Does a lesson as its author has it: all runs, the exercise as it is handed
// over, which must not pass, and its solution, which must; a shutdown map is
// left out. Gives what is not so, one line each; empty: all of it is true here.
// An error: it could not be done, `unsupported` where this machine lacks
// something.
Result<std::vector<std::string>> try_lesson(Session& session,
                                            const Lesson& lesson);

}  // namespace faultrig
