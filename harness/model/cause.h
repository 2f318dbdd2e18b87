#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/schema.h"
#include "harness/model/values.h"

namespace faultrig {

// How sure an explanation is. `certain`: nothing else leaves these traces;
// `likely`: a workload could have printed the same; `possible`: one of several.
enum class Sure { certain, likely, possible };

std::string_view sure_name(Sure sure);

// One way to recognise a cause: all that is written must be seen. Patterns are
// RE2, matched line by line unless said otherwise.
struct Sight {
  Params params;  // of sight_section()
  Sure sure = Sure::certain;
};

// What else leaves the traces of a cause. A cause that a sight makes certain
// has one of both.
struct Alike {
  std::vector<std::string> also;  // causes that leave the same in a log
  std::string only;               // why there is none
};

// Why a Go test, or what stands around it, ended as it did.
struct Cause {
  std::string id;     // `oom_kill`
  std::string title;  // one clause, lower case, without a full stop
  std::string link;   // where it happens: build, start, test, go, exec, ...
  // By link: what it ends with or shows: `255`, `SIGKILL`, `never_started`.
  std::map<std::string, std::vector<std::string>> ends;
  std::vector<Sight> sights;        // any of them recognises the cause
  bool general = false;             // names a symptom: used if no other matches
  std::vector<std::string> among;   // general: the causes that look like it
  Alike alike;                      // what else leaves the same in a log
  std::int64_t rank = 50;           // of two that match, the higher one wins
  std::vector<std::string> hidden;  // forms of a log that do not show it
  std::string go;                   // Go versions it holds for; empty: all
  std::string explain;              // at most six lines of 76 columns
  std::string advice;               // what to do
  std::string settle;               // what would settle it, if unsure
  std::string source;               // manual page, Go source file, measurement
  std::string scenario;             // `memory/killed_by_oom`
};

// Does a range such as `1.21-` or `1.19-1.20` hold for this version
// (`go1.26.8`)? True if either cannot be read.
bool holds_for(const std::string& range, const std::string& version);

// The parts of a cause as it is written in harness/explain/causes/*.yaml.
const Section& cause_section();
const Section& ends_section();
const Section& sight_section();

}  // namespace faultrig
