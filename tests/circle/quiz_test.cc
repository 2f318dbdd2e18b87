// The logs of the quiz are what their commands print, here and now: provoked
// anew, each is explained as the one that is kept.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/cgroup.h"
#include "tests/kernel/command_folder.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

class QuizAnew : public CommandFolder {
 protected:
  // What is said of each log of a folder.
  std::string said_of(const std::string& logs) const {
    return sh("\"$faultrig\" atlas --score " + shell_quote(logs)).out;
  }
  std::string kept() const { return source_dir() + "/docs/lessons/quiz"; }
};

TEST_F(QuizAnew, SaysWhatTheKeptLogsSay) {
  if (std::getenv("FAULTRIG_CIRCLE") != nullptr) {  // NOLINT
    GTEST_SKIP() << "needs the Go whose logs are kept";
  }
  if (find_cgroup_places().memory.empty()) {
    GTEST_SKIP() << "needs a writable memory cgroup";
  }
  Outcome made = sh("export PATH=$(dirname \"$faultrig\"):$PATH\nmkdir new\n" +
                    shell_quote(kept() + "/renew") + " -o new && cp " +
                    shell_quote(kept() + "/cases.tsv") + " new");
  ASSERT_EQ(made.status.text(), "exited 0") << made.err;
  std::string said = said_of(kept());
  EXPECT_THAT(said, testing::HasSubstr("36 logs: "));
  EXPECT_THAT(said, testing::EndsWith(" 0 none, 0 wrong\n"));
  EXPECT_EQ(said_of((folder() / "new").string()), said);
}

}  // namespace
}  // namespace faultrig
