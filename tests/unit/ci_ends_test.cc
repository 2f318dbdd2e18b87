// In which words CI systems end a job, and in which they tell of one that ended
// by itself.
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kRuns =
    "ok  \tm/store\t0.412s\n=== RUN   TestLong\n    long_test.go:12: waiting\n";

using Row = std::pair<const char*, const char*>;

constexpr Row kEnds[] = {
    // AWS CodeBuild
    {"[Container] 2026/03/04 10:11:12.123456 Phase complete: BUILD State: "
     "TIMED_OUT",
     "ci_timeout"},
    {"            \"phaseStatus\": \"TIMED_OUT\",", "ci_timeout"},
    {"BUILD_TIMED_OUT: Build has timed out.", "ci_timeout"},
    {"[Container] 2026/03/04 10:11:12 Phase complete: BUILD State: STOPPED",
     "ci_ended"},
    // GitHub
    {"The job running on runner GitHub Actions 12 has exceeded the maximum "
     "execution time of 360 minutes.",
     "ci_timeout"},
    {"Error: The action 'Run tests' has timed out after 10 minutes.",
     "ci_timeout"},
    {"Error: The operation was canceled.", "ci_ended"},
    {"Canceling since a higher priority waiting request for 'ci' exists",
     "ci_ended"},
    {"The self-hosted runner: arc-7 lost communication with the server.",
     "ci_ended"},
    {"Error: Process completed with exit code 143.", "ci_ended"},
    {"Error: Process completed with exit code 137.", "ci_killed"},
    // GitLab
    {"ERROR: Job failed: execution took longer than 1h0m0s seconds",
     "ci_timeout"},
    {"ERROR: Job failed: job execution timeout (1h0m0s) exceeded",
     "ci_timeout"},
    {"ERROR: Job failed: command terminated with exit code 137", "ci_killed"},
    {"WARNING: script canceled externally (UI, API)", "ci_ended"},
    {"ERROR: Job failed (system failure): pods \"runner-a\" not found",
     "ci_ended"},
    // CircleCI, Travis
    {"Too long with no output (exceeded 10m0s): context deadline exceeded",
     "ci_silent"},
    {"Received \"killed\" signal", "ci_killed"},
    {"No output has been received in the last 10m0s, this potentially "
     "indicates a stalled build.",
     "ci_silent"},
    {"The job exceeded the maximum time limit for jobs, and has been "
     "terminated.",
     "ci_timeout"},
    {"The log length has exceeded the limit of 4 MB.", "ci_ended"},
    {"The command \"go test ./...\" exited with 137.", "ci_killed"},
    // Jenkins, TeamCity
    {"Build timed out (after 30 minutes). Marking the build as aborted.",
     "ci_timeout"},
    {"Aborted by alice", "ci_ended"},
    {"Cannot contact agent-7: hudson.remoting.ChannelClosedException: x",
     "ci_ended"},
    {"script returned exit code 137", "ci_killed"},
    {"The build #12 {buildId=4} has been running for more than 30 minutes. "
     "Terminating...",
     "ci_timeout"},
    // Buildkite, Prow
    {"# Received cancellation signal, interrupting", "ci_ended"},
    {"exited with status -1 (agent lost)", "ci_ended"},
    {"{\"level\":\"error\",\"msg\":\"Process did not finish before 2h0m0s "
     "timeout\"}",
     "ci_timeout"},
    {"{\"level\":\"error\",\"msg\":\"Entrypoint received interrupt: "
     "terminated\"}",
     "ci_ended"},
    // Azure, Cloud Build, Tekton, CodeBuild, Bitbucket, Kubernetes
    {"##[error]The job running on agent a ran longer than the maximum time "
     "of 60 minutes.",
     "ci_timeout"},
    {"##[error]We stopped hearing from agent pool-3.", "ci_ended"},
    {"##[error]Bash exited with code '137'.", "ci_killed"},
    {"TIMEOUT: build step 2 \"golang\" timed out", "ci_timeout"},
    {"ERROR: build step 2 \"golang\" failed: step exited with non-zero "
     "status: 137",
     "ci_killed"},
    {"TaskRun \"unit\" failed to finish within \"1h0m0s\"", "ci_timeout"},
    {"TaskRun \"unit\" was cancelled.", "ci_ended"},
    {"[Container] 2026/03/04 09:58:01 Build execution time has reached the "
     "maximum of 60 minutes",
     "ci_timeout"},
    {"Exceeded build time limit of 120 minutes.", "ci_timeout"},
    {"Container 'Build' exceeded memory limit.", "ci_killed"},
    {"Job was active longer than specified deadline", "ci_timeout"},
    {"The node was low on resource: memory.", "ci_ended"}};

TEST(CiEnds, AreTheCis) {
  for (const auto& [line, id] : kEnds) {
    EXPECT_THAT(causes_of(std::string(kRuns) + line + "\n"),
                Contains(std::string(id) + " likely"))
        << line;
  }
}

// The other side of each: the job failed because its test did.
TEST(CiEnds, AreNotWhereTheTestFailed) {
  const char* const lines[] = {
      "Error: Process completed with exit code 1.",
      "ERROR: Job failed: exit code 1",
      "Exited with code exit status 1",
      "script returned exit code 1",
      "Error: The command exited with status 1",
      "The command \"go test ./...\" exited with 1.",
      "##[error]Bash exited with code '1'.",
      ("ERROR: build step 2 \"golang\" failed: step exited with non-zero "
       "status: 1"),
      "command terminated with exit code 1"};
  for (const char* line : lines) {
    EXPECT_THAT(causes_of("--- FAIL: TestA (0.00s)\n    a_test.go:3: no\n"
                          "FAIL\nFAIL\tm/a\t0.003s\nFAIL\n" +
                          std::string(line) + "\n"),
                ElementsAre("failed_test likely"))
        << line;
  }
}

TEST(CiEnds, AreNotBazelsAndNotDockers) {
  EXPECT_THAT(causes_of("TIMEOUT: build step 2 \"golang\" timed out\n"),
              Not(Contains(HasSubstr("bazel"))));
  EXPECT_THAT(causes_of("ok  \tm/x\t0.1s\nERROR: context deadline exceeded\n"),
              ElementsAre("ci_timeout possible"));
}

}  // namespace
}  // namespace faultrig
