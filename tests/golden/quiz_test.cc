// What people read in a round of the quiz, byte for byte.
#include <deque>

#include <gtest/gtest.h>

#include "harness/lesson/quiz_round.h"

namespace faultrig {
namespace {

std::vector<Cause> some_causes() {
  std::vector<Cause> causes(4);
  causes[0].id = "oom_kill";
  causes[0].title = "the kernel killed the test binary for want of memory";
  causes[1].id = "sigterm";
  causes[1].title = "the test binary was ended by SIGTERM";
  causes[2].id = "killed_from_outside";
  causes[2].title =
      "somebody killed the test binary with SIGKILL; it was not the OOM killer "
      "of its cgroup";
  causes[3].id = "failed_test";
  causes[3].title = "a test failed";
  return causes;
}

std::vector<QuizCase> some_cases() {
  QuizCase decided{.name = "a.log",
                   .kind = "signals",
                   .causes = {"sigterm"},
                   .others = {"oom_kill", "failed_test"},
                   .lines = {1},
                   .made = "go test ./signals_itself"};
  decided.why = "SIGTERM is the polite request to end.";
  decided.log =
      "signal: terminated\x1b[2J\nFAIL\texample.com/shop/store\t0.01s\nFAIL\n";
  QuizCase open{.name = "b.log",
                .kind = "memory",
                .causes = {"oom_kill", "killed_from_outside"},
                .others = {"failed_test"},
                .lines = {1},
                .made = "go test ./hoard"};
  open.why = "Both leave the same lines.";
  open.log = "signal: killed\nFAIL\texample.com/shop/store\t0.01s\nFAIL\n";
  return {decided, open};
}

// All that a round says to somebody who writes these lines.
std::string said_to(std::deque<std::string> lines) {
  const std::vector<Cause> causes = some_causes();
  const std::vector<QuizCase> cases = some_cases();
  std::string said;
  QuizRound round(
      causes,
      [&]() -> std::optional<std::string> {
        if (lines.empty()) {
          return std::nullopt;
        }
        std::string line = lines.front();
        lines.pop_front();
        said += line + "\n";
        return line;
      },
      [&](const std::string& text) { said += text; });
  constexpr std::uint64_t kSeed = 4;
  round.play(draw_quiz(cases, 2, kSeed), kSeed);
  return said;
}

// How each round begins.
const std::string kFirstLog =
    R"(2 logs, seed 4. Each is real: what a command printed.

Log 1 of 2: signals

    1  signal: terminated\x1b[2J
    2  FAIL  example.com/shop/store  0.01s
    3  FAIL

What happened?
  1  the kernel killed the test binary for want of memory
  2  the test binary was ended by SIGTERM
  3  a test failed
  4  the log cannot tell
your answer, 1 to 4, or q: )";

TEST(QuizText, ShowsLogsTakesAnswersAndSaysWhy) {
  EXPECT_EQ(said_to({"2", "x", "1"}), kFirstLog + R"(2

right: the test binary was ended by SIGTERM (sigterm)
  SIGTERM is the polite request to end.
  shown by
    1  signal: terminated\x1b[2J
  made by go test ./signals_itself

Log 2 of 2: memory

    1  signal: killed
    2  FAIL  example.com/shop/store  0.01s
    3  FAIL

What happened?
  1  a test failed
  2  the kernel killed the test binary for want of memory
  3  somebody killed the test binary with SIGKILL; it was not the OOM killer of
     its cgroup
  4  the log cannot tell
your answer, 1 to 4, or q: x
1 to 4, or q: 1

no: the log cannot tell; it may be that
    the kernel killed the test binary for want of memory (oom_kill)
    somebody killed the test binary with SIGKILL; it was not the OOM killer of
    its cgroup (killed_from_outside)
  Both leave the same lines.
  shown by
    1  signal: killed
  made by go test ./hoard

1 of 2 right
  memory        0 of 1
  signals       1 of 1
the same questions: faultrig learn --quiz 2 --seed 4
)");
}

TEST(QuizText, EndsEarlierWhenToldToAndCountsWhatWasAnswered) {
  EXPECT_EQ(said_to({"q"}), kFirstLog + R"(q

0 of 0 right
the same questions: faultrig learn --quiz 2 --seed 4
)");
  std::string none = said_to({});
  EXPECT_EQ(none.substr(none.find("0 of")), R"(0 of 0 right
the same questions: faultrig learn --quiz 2 --seed 4
)");
}

}  // namespace
}  // namespace faultrig
