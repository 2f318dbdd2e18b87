#include "harness/lesson/quiz.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/tsv.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::string_view kTable = "cases.tsv";
constexpr std::string_view kNone = "-";

std::optional<std::string> text_of(std::span<const QuizFile> files,
                                   std::string_view name) {
  for (const QuizFile& file : files) {
    if (file.name == name) {
      return std::string(file.text);
    }
  }
  return std::nullopt;
}

// A number from 1 to `most`; 0: it is none.
std::size_t line_number(const std::string& word, std::size_t most) {
  auto number = whole_number<std::size_t>(word).value_or(0);
  return number <= most ? number : 0;
}

// What is wrong with it; empty: nothing.
std::string trouble_of(const QuizCase& one) {
  std::size_t offered = one.causes.size() + one.others.size();
  bool numbers =
      std::find(one.lines.begin(), one.lines.end(), 0U) == one.lines.end();
  return one.log.empty()    ? "there is no log '" + one.name + "'"
         : one.kind.empty() ? "it has no kind"
         : one.why.empty()  ? "it does not say why"
         : one.made.empty() ? "it does not say how it was made"
         : one.causes.empty() || offered != kQuizCauses
             ? fmt::format("{} causes are offered, not {}", offered,
                           kQuizCauses)
         : one.lines.empty() || !numbers ? "'lines' names no lines of the log"
                                         : "";
}

QuizCase case_of(const TsvRow& row, std::span<const QuizFile> files) {
  QuizCase out;
  out.name = cell_of(row, "log");
  out.kind = cell_of(row, "kind");
  out.causes = words_of(cell_of(row, "causes"));
  out.others = words_of(cell_of(row, "others"));
  std::erase(out.others, kNone);
  out.made = cell_of(row, "made");
  out.why = cell_of(row, "why");
  out.log = text_of(files, out.name).value_or("");
  std::size_t most = lines_of(out.log).size();
  for (const std::string& word : words_of(cell_of(row, "lines"))) {
    out.lines.push_back(line_number(word, most));
  }
  return out;
}

// Sorts by what the seed makes of each place.
template <typename Thing>
void shuffle(std::vector<Thing>& things, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, Thing>> drawn;
  drawn.reserve(things.size());
  for (Thing& thing : things) {
    drawn.emplace_back(mixed(seed, drawn.size()), std::move(thing));
  }
  std::sort(drawn.begin(), drawn.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < things.size(); ++i) {
    things[i] = std::move(drawn[i].second);
  }
}

QuizQuestion question_of(const QuizCase& one, std::uint64_t seed) {
  QuizQuestion out{&one, one.causes, 0};
  out.answers.insert(out.answers.end(), one.others.begin(), one.others.end());
  shuffle(out.answers, seed);
  auto right =
      std::find(out.answers.begin(), out.answers.end(), one.causes.front());
  out.right = one.is_decided()
                  ? static_cast<std::size_t>(right - out.answers.begin())
                  : out.answers.size();
  return out;
}

}  // namespace

Result<std::vector<QuizCase>> read_quiz(std::span<const QuizFile> files) {
  std::vector<QuizCase> out;
  std::size_t number = 1;
  for (const TsvRow& row : tsv_rows(text_of(files, kTable).value_or(""))) {
    ++number;
    QuizCase one = case_of(row, files);
    if (std::string trouble = trouble_of(one); !trouble.empty()) {
      return usage_error(
          fmt::format("{} line {}: {}", kTable, number, trouble));
    }
    out.push_back(std::move(one));
  }
  if (out.empty()) {
    return usage_error(fmt::format("{} has no rows", kTable));
  }
  return out;
}

std::vector<QuizQuestion> draw_quiz(std::span<const QuizCase> cases,
                                    std::size_t count, std::uint64_t seed) {
  std::vector<const QuizCase*> order;
  order.reserve(cases.size());
  for (const QuizCase& one : cases) {
    order.push_back(&one);
  }
  shuffle(order, seed);
  order.resize(std::min(count, order.size()));
  std::vector<QuizQuestion> out;
  out.reserve(order.size());
  for (const QuizCase* one : order) {
    out.push_back(question_of(*one, mixed(seed, order.size() + out.size())));
  }
  return out;
}

}  // namespace faultrig
