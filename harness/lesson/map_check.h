#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/model/lesson.h"
#include "harness/run/session.h"

namespace faultrig {

// What a shutdown map said of an exercise's program.
struct MapCheck {
  std::vector<std::string> findings;  // one line each; empty: it stops well
  int signal = 0;                     // that ended it; 0: it was drawn whole
  bool all_gone = true;               // what was started
};

// Builds the program of Exercise::map in that folder, as `a.server`, and draws
// a small map of it with workers of this process; that takes some seconds.
// `signals`: of take_ending_signals(). `unsupported` where this machine cannot.
Result<MapCheck> check_map(const LessonMap& map,
                           const std::filesystem::path& folder,
                           Session::Options options, const Fd& signals);

}  // namespace faultrig
