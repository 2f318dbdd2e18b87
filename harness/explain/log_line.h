#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faultrig {

// One line of a log as the program that wrote it meant it.
struct LogLine {
  std::int64_t number = 0;  // from 1; 0 for a line of no file
  // No end, no escapes, no time stamp of a CI, no name of a benchmark whose
  // line was still open.
  std::string text;
};

// Takes what CI systems and terminals add from lines: `\r`, ANSI escapes
// (ECMA-48), and the time stamp that GitHub, GitLab, Jenkins or a container
// runtime put before each line. A time stamp counts as theirs only while every
// line of the log so far had one, so that a program's own stay. Takes, too, the
// name of a benchmark behind which another writer stands.
class LineCleaner {
 public:
  // Takes any bytes. Of a line over 16 KiB the ends are kept.
  std::string clean(std::string_view line);

 private:
  bool stamped_ = true;
};

}  // namespace faultrig
