#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace faultrig {

// What `faultrig learn --quiz` was told.
struct QuizWish {
  std::string logs;                   // how many; empty: 10
  std::optional<std::uint64_t> seed;  // nothing: another one each time
};

// The quiz on stdin and stdout, with the logs of this program. Gives the exit
// code: 0, however many answers were right; kUsage if `logs` is no number from
// 1 on.
int take_quiz(const QuizWish& wish);

}  // namespace faultrig
