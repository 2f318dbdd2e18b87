#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "harness/lesson/engine.h"
#include "harness/model/lesson.h"
#include "harness/model/observation.h"
#include "harness/web/process_look.h"

namespace faultrig {

// What the page of the workshop is told, as JSON on one line
// (harness/report/page/workshop.js). Of what a workload printed, what is no
// UTF-8 is replaced; the page shows all of it as text.

// A list of lessons. `cannot`: of each why this machine cannot run it; empty:
// it can. Their runs are counted from 1, through all lessons.
std::string lessons_json(std::span<const Lesson> lessons,
                         std::span<const std::string> cannot);

// Events of a run, in the order in which they come: it begins; something is
// seen; it ends, or fails.
std::string begun_json(std::size_t run);
// Empty for what the picture does not need.
std::string seen_json(const Observation& seen, const LessonRun& run);
std::string looks_json(std::span<const SeenProcess> processes);
std::string ended_json(const LessonRun& run, const LessonOutcome& outcome,
                       std::chrono::nanoseconds took);
std::string failed_json(const std::string& why);

// An event at so many milliseconds since the run began.
std::string timed_json(std::chrono::milliseconds at, const std::string& event);

// All that a recording has; `events` of each run, timed.
std::string recording_json(const std::string& day, const std::string& lessons,
                           std::span<const std::vector<std::string>> events);

}  // namespace faultrig
