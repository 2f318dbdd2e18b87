#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/speaker.h"

namespace faultrig {

// One line of a log as the program that wrote it meant it.
struct LogLine {
  std::int64_t number = 0;  // from 1; 0 for a line of no file
  // No end, no escapes, nothing of a CI, no name of a benchmark whose line was
  // still open.
  std::string text;
  Speaker speaker = Speaker::unknown;
  // Of a test that failed, which said more behind it: that may be the reason.
  bool aside = false;
  // Of a test that failed: the line with which its message begins; 0: none.
  std::int64_t message = 0;
};

// Takes from a line what terminals add: `\r`, ANSI escapes (ECMA-48), a byte
// order mark. Takes any bytes. Of a line over 16 KiB the ends are kept.
std::string without_escapes(std::string_view line);

// Takes the time stamp that GitHub, GitLab, Jenkins or a container runtime put
// before a line. False if there is none.
bool take_stamp(std::string& line);

// Takes what else is not the program's: the runner's own marks, such as
// `##[group]`, and the name of a benchmark behind which another writer stands.
void take_marks(std::string& line);

// The lines that a line is made of, which a mark of test2json (^V) begins.
std::vector<std::string> at_marks(std::string_view line);

}  // namespace faultrig
