#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/lesson/quiz_files.h"

namespace faultrig {

// A log, and what may be said of it: a row of docs/lessons/quiz/cases.tsv.
struct QuizCase {
  std::string name;  // of the log's file
  std::string kind;  // `signals`: the score is told by kind
  // Ids of causes. One: the log decides it. Several: the log cannot tell which
  // of them it was.
  std::vector<std::string> causes;
  std::vector<std::string> others;  // what else is offered, and is not so
  std::vector<std::size_t> lines;   // of the log, from 1: those that decide
  std::string made;                 // the command that printed it
  std::string why;
  std::string log;

  bool is_decided() const { return causes.size() == 1; }
};

// How many causes are offered, beside `the log cannot tell`.
inline constexpr std::size_t kQuizCauses = 3;

// Reads them. Fails, with the line of cases.tsv, where a log is missing, a cell
// is empty, a number is no line of the log, or not just kQuizCauses are
// offered.
Result<std::vector<QuizCase>> read_quiz(std::span<const QuizFile> files);

// A case as it is put to somebody.
struct QuizQuestion {
  const QuizCase* of = nullptr;
  std::vector<std::string> answers;  // ids; behind the last: it cannot tell
  std::size_t right = 0;             // answers.size(): it cannot tell
};

// `count` of them, or all, in an order that `seed` decides; the same for the
// same seed on any machine. `cases` must outlive what it returns.
std::vector<QuizQuestion> draw_quiz(std::span<const QuizCase> cases,
                                    std::size_t count, std::uint64_t seed);

}  // namespace faultrig
