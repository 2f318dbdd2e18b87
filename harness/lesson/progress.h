#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// How far a learner is with a lesson.
enum class LessonStage { fresh, seen, solved };

// By the name of the lesson; one that is not there is fresh.
using LessonProgress = std::map<std::string, LessonStage>;

LessonStage stage_of(const LessonProgress& progress, const std::string& lesson);

// `solved 01-exit-255`, a line each; lines that say nothing to us are passed
// over, so that what a later version wrote does no harm.
std::string progress_text(const LessonProgress& progress);
LessonProgress parse_progress(std::string_view text);

// The file that keeps it: $XDG_STATE_HOME/faultrig/learn, or that below
// ~/.local/state. A usage error where neither variable is there.
Result<std::filesystem::path> progress_file(
    const std::vector<std::string>& environment);

// Nothing was learnt where there is no such file.
Result<LessonProgress> load_progress(const std::filesystem::path& file);
// Makes the folders above it; replaces the file in one step.
Result<> save_progress(const std::filesystem::path& file,
                       const LessonProgress& progress);

}  // namespace faultrig
