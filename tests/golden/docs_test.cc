// The generated pages are what the tables say now. To renew them:
//   faultrig explain everything > docs/reference.md
//   faultrig schema > docs/scenario.schema.json
#include <fcntl.h>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/plan/planner.h"
#include "harness/report/reference.h"
#include "harness/report/scenario_schema.h"

namespace faultrig {
namespace {

std::string page(const std::string& name) {
  return read_file(AT_FDCWD, std::string(FAULTRIG_SOURCE_DIR) + "/docs/" + name)
      .value_or("missing");
}

TEST(Docs, ReferenceIsWhatTheTablesSay) {
  EXPECT_EQ(page("reference.md"),
            reference_page(full_language(), injector_proofs()));
}

TEST(Docs, SchemaIsWhatTheTablesSay) {
  EXPECT_EQ(page("scenario.schema.json"), scenario_schema(full_language()));
}

}  // namespace
}  // namespace faultrig
