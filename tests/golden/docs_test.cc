// The generated pages are what the tables say now. To renew them:
//   faultrig explain everything > docs/reference.md
//   faultrig schema > docs/scenario.schema.json
#include <fcntl.h>

#include <algorithm>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/help/reference.h"
#include "harness/help/scenario_schema.h"
#include "harness/plan/planner.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

std::string page(const std::string& name) {
  return read_file(AT_FDCWD, source_dir() + "/docs/" + name)
      .value_or("missing");
}

// The pages are long: the first line that differs says enough.
std::string first_difference(const std::string& kept, const std::string& now) {
  auto old_lines = lines_of(kept);
  auto new_lines = lines_of(now);
  auto [was, is] = std::mismatch(old_lines.begin(), old_lines.end(),
                                 new_lines.begin(), new_lines.end());
  if (kept == now) {
    return "";
  }
  auto shown = [](auto line, const auto& lines) {
    return line == lines.end() ? "(the end)" : std::string(*line);
  };
  return "line " + std::to_string(was - old_lines.begin() + 1) + " is\n  " +
         shown(was, old_lines) + "\nand should be\n  " + shown(is, new_lines);
}

TEST(Docs, ReferenceIsWhatTheTablesSay) {
  EXPECT_EQ(
      first_difference(page("reference.md"),
                       reference_page(full_language(), injector_proofs())),
      "");
}

TEST(Docs, SchemaIsWhatTheTablesSay) {
  EXPECT_EQ(first_difference(page("scenario.schema.json"),
                             scenario_schema(full_language())),
            "");
}

}  // namespace
}  // namespace faultrig
