#include "harness/cli/quiz.h"

#include <unistd.h>

#include <iostream>
#include <random>
#include <string>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/campaign/cause_table.h"
#include "harness/cli/printing.h"
#include "harness/lesson/quiz.h"
#include "harness/lesson/quiz_round.h"

namespace faultrig {

namespace {

constexpr std::size_t kUsualLogs = 10;

// Nothing: it is no number, or none from 1 on.
std::optional<std::size_t> logs_of(const std::string& text) {
  auto logs = text.empty() ? kUsualLogs : whole_number<std::size_t>(text);
  return logs.value_or(0) > 0 ? logs : std::nullopt;
}

// Short enough to be typed again.
std::uint64_t some_seed() {
  std::random_device dice;
  return dice() % 10000;
}

// A terminal shows what is typed; what comes through a pipe is shown by us.
std::optional<std::string> heard() {
  std::string line;
  if (!std::getline(std::cin, line)) {
    return std::nullopt;
  }
  print(isatty(STDIN_FILENO) == 1 ? "" : for_one_line(line) + "\n");
  return line;
}

}  // namespace

int take_quiz(const QuizWish& wish) {
  auto logs = logs_of(wish.logs);
  if (!logs) {
    return tell(usage_error("--quiz " + for_one_line(wish.logs) +
                            ": expected how many logs, such as 10"));
  }
  auto causes = cause_table();
  if (!causes) {
    return tell(causes.error());
  }
  auto cases = read_quiz(quiz_files());
  if (!cases) {
    return tell(cases.error());
  }
  std::uint64_t seed = wish.seed.value_or(some_seed());
  QuizRound round(*causes, heard,
                  [](const std::string& text) { print_text(text); });
  round.play(draw_quiz(*cases, *logs, seed), seed);
  return 0;
}

}  // namespace faultrig
