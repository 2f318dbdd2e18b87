// An answer is as wrong as its worst part: a log of three packages that names
// two causes rightly and one wrongly is wrong.
#include "harness/explain/labelled.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/tsv.h"

namespace faultrig {

namespace {

bool has(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Packages without tests are told of, once, and are no answer.
bool is_aside(const Explanation& one) {
  return one.verdict == "no_test_files" || one.verdict == "no_tests_to_run";
}

Mark mark_of_one(const std::vector<std::string>& ids, const Explanation& one) {
  if (one.causes.empty()) {
    return Mark::none;
  }
  const Named& named = one.causes.front();
  bool named_right =
      std::any_of(one.causes.begin(), one.causes.end(),
                  [&](const Named& each) { return has(ids, each.cause->id); });
  bool among =
      std::any_of(one.among.begin(), one.among.end(),
                  [&](const Cause* each) { return has(ids, each->id); });
  if (named_right) {
    return one.causes.size() == 1 ? Mark::right : Mark::undecided;
  }
  return among || named.sure == Sure::possible ? Mark::undecided : Mark::wrong;
}

}  // namespace

Result<std::vector<LabelledLog>> read_labels(std::string_view text) {
  std::vector<LabelledLog> out;
  int number = 1;
  for (const TsvRow& row : tsv_rows(text)) {
    ++number;
    std::string file = cell_of(row, "log");
    std::string slug = cell_of(row, "slug");
    if (file.empty() && !slug.empty()) {
      file = fmt::format("{}-{}.log", cell_of(row, "number"), slug);
    }
    if (file.empty() || file.find('/') != std::string::npos) {
      return usage_error(fmt::format(
          "cases.tsv line {}: no log of this folder is named", number));
    }
    out.push_back(
        {file, words_of(cell_of(row, "causes")), cell_of(row, "right answer")});
  }
  return out;
}

std::string_view mark_name(Mark mark) {
  static constexpr std::array<std::string_view, 5> kNames{
      "right", "undecided", "none", "wrong", "unjudged"};
  return kNames.at(static_cast<std::size_t>(mark));
}

Mark mark_of(const LabelledLog& log, const Explained& explained) {
  if (log.causes.empty()) {
    return Mark::unjudged;
  }
  bool nothing = has(log.causes, "-");
  Mark best = nothing ? Mark::right : Mark::none;
  for (const Explanation& one : explained.explanations) {
    Mark mark = mark_of_one(log.causes, one);
    if (is_aside(one) && mark != Mark::right) {
      continue;
    }
    bool named = mark != Mark::none;
    if (mark == Mark::wrong || (nothing && named)) {
      return Mark::wrong;
    }
    best = nothing ? best : std::min(best, mark);
  }
  return best;
}

}  // namespace faultrig
