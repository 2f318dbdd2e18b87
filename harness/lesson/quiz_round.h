#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/lesson/quiz.h"
#include "harness/model/cause.h"

namespace faultrig {

// One round of the quiz: shows logs, takes answers, says why, counts. Pure: the
// terminal is what it was given. What a log holds is shown escaped.
class QuizRound {
 public:
  // Gives the next line that somebody wrote, without its end; nothing: there is
  // no more.
  using Hear = std::function<std::optional<std::string>()>;
  using Say = std::function<void(const std::string&)>;

  // `causes` has the titles of all that is asked, and must outlive it.
  QuizRound(const std::vector<Cause>& causes, Hear hear, Say say);

  // All questions in turn; `q`, or the end of what is heard, ends it earlier.
  // Then the score, and how to have the same questions again.
  void play(std::span<const QuizQuestion> questions, std::uint64_t seed);

 private:
  struct Score {
    int right = 0;
    int asked = 0;
  };

  std::string title_of(std::string_view id) const;
  void show(const QuizQuestion& question) const;
  // From 0; nothing: it is over.
  std::optional<std::size_t> answer(const QuizQuestion& question) const;
  void tell(const QuizQuestion& question, std::size_t given);
  void tell_score(std::size_t asked_for, std::uint64_t seed) const;

  const std::vector<Cause>& causes_;
  Hear hear_;
  Say say_;
  std::map<std::string, Score, std::less<>> scores_;  // by kind
};

}  // namespace faultrig
