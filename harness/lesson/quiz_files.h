#pragma once

#include <span>
#include <string_view>

namespace faultrig {

// A file of docs/lessons/quiz, as it was when this program was built: its logs,
// and cases.tsv, which says what is asked of each.
struct QuizFile {
  std::string_view name;
  std::string_view text;
};

std::span<const QuizFile> quiz_files();

}  // namespace faultrig
