#pragma once

#include <functional>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/web/lesson_runner.h"

namespace faultrig {

// How a workshop came to its end.
struct WorkshopEnd {
  int signal = 0;        // that ended it; 0: its work was done
  bool all_gone = true;  // does nothing live on of what was started?
};

// Serves these lessons on loopback until a signal comes; `ready` is told where.
// A run whose page has gone away is ended.
Result<WorkshopEnd> serve_workshop(
    const std::vector<Lesson>& lessons, const Session::Options& session,
    int port, const Fd& signals,
    const std::function<void(const std::string& url)>& ready);

struct WorkshopRecord {
  WorkshopEnd end;
  std::string page;  // one file
};

// Makes each run of these lessons that this machine can, and a page of them;
// `begun` is told of each lesson. `day` says when.
Result<WorkshopRecord> record_workshop(
    const std::vector<Lesson>& lessons, const Session::Options& session,
    const std::string& day, const Fd& signals,
    const std::function<void(const std::string& what)>& begun);

}  // namespace faultrig
