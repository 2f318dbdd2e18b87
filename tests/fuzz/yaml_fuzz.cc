// Arbitrary bytes as a scenario: they are read or complained about, and every
// complaint can be shown.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/base/text.h"
#include "harness/parse/scenario_reader.h"
#include "tests/unit/sample_language.h"

namespace {

void demand(bool condition) {
  if (!condition) {
    std::abort();
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
  demand(result.complaints.size() <= Complaints::kMostShown);
  for (const Complaint& complaint : result.complaints) {
    std::string shown = format_complaint("scenario.yaml", text, complaint);
    demand(for_terminal(shown) == shown);
    demand(complaint.place.line > 0 && complaint.place.column > 0);
  }
  return 0;
}
