#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/lesson.h"
#include "harness/parse/complaint.h"

namespace faultrig {

// A part of a lesson's Markdown: what stands below a `## ` heading, or before
// the first one.
struct LessonPart {
  std::string heading;  // empty: before the first one
  Place place;
  std::string prose;  // without the named blocks
  std::vector<LessonFile> files;
};

// Takes Markdown apart. A fenced block whose first line names a file behind the
// language (```go exit_test.go) is a file; all other blocks stay in the prose.
// `line`: that of its first line. Complains about names that lead out of the
// lesson's folder and about a block that is not closed. Takes any bytes.
std::vector<LessonPart> read_lesson_body(std::string_view markdown, int line,
                                         Complaints& complaints);

}  // namespace faultrig
