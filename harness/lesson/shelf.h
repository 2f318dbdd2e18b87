#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/lesson.h"

namespace faultrig {

// The lessons that this program carries, by their numbers. Fails, naming file
// and line, only if it was built from one that is not right.
Result<std::vector<Lesson>> built_in_lessons();

// Those of a folder: its files NN-name.md, by their numbers. A usage error with
// all that is wrong with them, as `FILE:LINE:COLUMN: what`, or where there is
// none.
Result<std::vector<Lesson>> lessons_in(const std::filesystem::path& folder);

// Reads one lesson again, for files that lie in `folder` (absolute), so that
// its workloads run there. A usage error if one names a folder that is missing.
Result<Lesson> lesson_at(const Lesson& lesson,
                         const std::filesystem::path& folder);

}  // namespace faultrig
