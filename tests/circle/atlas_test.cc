// The command itself; the circle proves the rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

Outcome atlas(const std::vector<std::string>& options) {
  std::vector<std::string> argv{faultrig_program(), "atlas"};
  argv.insert(argv.end(), options.begin(), options.end());
  return Program(argv, source_dir()).end();
}

TEST(Atlas, TellsEachChosenCauseThoughWorkersEndAtDifferentTimes) {
  Outcome told = atlas({"--only", "os_exit_*", "-j", "4", "--json"});
  EXPECT_EQ(told.status, WaitStatus::of_exit(0)) << told.err;
  for (const char* cause : {"os_exit_2", "os_exit_255", "os_exit_256"}) {
    EXPECT_THAT(told.out, HasSubstr("\"cause\": \"" + std::string(cause)));
  }
  EXPECT_THAT(told.out, HasSubstr("\"binary\": \"255\""));
  EXPECT_THAT(told.out, HasSubstr("\"skipped\": \"\""));
}

TEST(Atlas, RefusesWhatItHasNot) {
  EXPECT_EQ(atlas({"--only", "nosuch"}).status, WaitStatus::of_exit(2));
  EXPECT_EQ(atlas({"/no/such/folder"}).status, WaitStatus::of_exit(2));
}

}  // namespace
}  // namespace faultrig
