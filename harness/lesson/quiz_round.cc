#include "harness/lesson/quiz_round.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::string_view kCannotTell = "the log cannot tell";
constexpr std::size_t kIndent = 2;

// `cause_id`: it is what `faultrig explain` takes.
std::string with_id(const std::string& title, std::string_view id) {
  return fmt::format("{} ({})", title, id);
}

// Tabs are what go prints; they are shown as blanks, so that columns hold.
std::string shown_line(std::size_t number, std::string_view line) {
  std::string text(line);
  for (std::size_t tab = text.find('\t'); tab != std::string::npos;
       tab = text.find('\t')) {
    text.replace(tab, 1, "  ");
  }
  return fmt::format("{:5}  {}\n", number, for_one_line(text));
}

}  // namespace

QuizRound::QuizRound(const std::vector<Cause>& causes, Hear hear, Say say)
    : causes_(causes), hear_(std::move(hear)), say_(std::move(say)) {}

std::string QuizRound::title_of(std::string_view id) const {
  auto cause = std::find_if(causes_.begin(), causes_.end(),
                            [&](const Cause& one) { return one.id == id; });
  return cause == causes_.end() ? std::string(id) : cause->title;
}

void QuizRound::show(const QuizQuestion& question) const {
  std::string out;
  std::size_t number = 0;
  for (std::string_view line : lines_of(question.of->log)) {
    out += shown_line(++number, line);
  }
  out += "\nWhat happened?\n";
  number = 0;
  for (const std::string& id : question.answers) {
    out += wrapped(fmt::format("  {}  ", ++number), title_of(id), 5);
  }
  say_(out + fmt::format("  {}  {}\n", number + 1, kCannotTell));
}

std::optional<std::size_t> QuizRound::answer(
    const QuizQuestion& question) const {
  std::size_t most = question.answers.size() + 1;
  say_(fmt::format("your answer, 1 to {}, or q: ", most));
  for (auto line = hear_(); line && *line != "q"; line = hear_()) {
    std::size_t number =
        line->size() == 1 ? static_cast<std::size_t>(line->front() - '0') : 0;
    if (number >= 1 && number <= most) {
      return number - 1;
    }
    say_(fmt::format("1 to {}, or q: ", most));
  }
  return std::nullopt;
}

void QuizRound::tell(const QuizQuestion& question, std::size_t given) {
  const QuizCase& one = *question.of;
  bool right = given == question.right;
  Score& score = scores_[one.kind];
  ++score.asked;
  score.right += right ? 1 : 0;
  std::string out = fmt::format("\n{}: ", right ? "right" : "no");
  if (one.is_decided()) {
    out =
        wrapped(out, with_id(title_of(one.causes[0]), one.causes[0]), kIndent);
  } else {
    out += fmt::format("{}; it may be that\n", kCannotTell);
    for (const std::string& id : one.causes) {
      out += wrapped("    ", with_id(title_of(id), id), 4);
    }
  }
  out += wrapped("  ", one.why, kIndent) + "  shown by\n";
  std::vector<std::string_view> lines = lines_of(one.log);
  for (std::size_t number : one.lines) {
    out += shown_line(number, lines.at(number - 1));
  }
  say_(out + wrapped("  made by ", one.made, 4));
}

void QuizRound::tell_score(std::size_t asked_for, std::uint64_t seed) const {
  Score sum;
  std::string kinds;
  for (const auto& [kind, score] : scores_) {
    sum.right += score.right;
    sum.asked += score.asked;
    kinds += fmt::format("  {:14}{} of {}\n", kind, score.right, score.asked);
  }
  say_(
      fmt::format("\n{} of {} right\n{}the same questions: faultrig learn "
                  "--quiz {} --seed {}\n",
                  sum.right, sum.asked, kinds, asked_for, seed));
}

void QuizRound::play(std::span<const QuizQuestion> questions,
                     std::uint64_t seed) {
  say_(fmt::format("{} logs, seed {}. Each is real: what a command printed.\n",
                   questions.size(), seed));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    say_(fmt::format("\nLog {} of {}: {}\n\n", i + 1, questions.size(),
                     questions[i].of->kind));
    show(questions[i]);
    auto given = answer(questions[i]);
    if (!given) {
      break;
    }
    tell(questions[i], *given);
  }
  tell_score(questions.size(), seed);
}

}  // namespace faultrig
