// Arbitrary bytes as a scenario, and as a lesson: they are read or complained
// about, and every complaint can be shown.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/base/text.h"
#include "harness/parse/lesson_reader.h"
#include "harness/parse/scenario_reader.h"
#include "tests/unit/sample_language.h"

namespace {

void demand(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void demand_shown(std::string_view text,
                  const std::vector<faultrig::Complaint>& complaints) {
  using namespace faultrig;  // NOLINT(google-build-using-namespace)
  demand(complaints.size() <= Complaints::kMostShown);
  for (const Complaint& complaint : complaints) {
    std::string shown = format_complaint("scenario.yaml", text, complaint);
    demand(for_terminal(shown) == shown);
    demand(complaint.place.line > 0 && complaint.place.column > 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  using namespace faultrig;  // NOLINT(google-build-using-namespace)
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  ReadScenario result =
      read_scenario(text, {"fuzz", "/fuzz/scenario.yaml"}, sample_language());
  demand(result.scenario.has_value() == result.complaints.empty());
  demand_shown(text, result.complaints);
  ReadLesson lesson = read_lesson(text, {"01-a.md", {}}, sample_language());
  demand(lesson.lesson.has_value() == lesson.complaints.empty());
  demand_shown(text, lesson.complaints);
  return 0;
}
