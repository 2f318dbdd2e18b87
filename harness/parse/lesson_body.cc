#include "harness/parse/lesson_body.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kHeading = "## ";

std::string_view trimmed(std::string_view text) {
  std::size_t from = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(from);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// The second word behind a fence.
std::string_view name_in(std::string_view fence) {
  std::string_view words = trimmed(fence.substr(kFence.size()));
  std::size_t blank = words.find_first_of(" \t");
  return blank == words.npos ? "" : trimmed(words.substr(blank));
}

// Every part of it a plain name: nothing leads out of a folder.
bool is_below(std::string_view name) {
  while (!name.empty()) {
    std::size_t slash = std::min(name.find('/'), name.size());
    std::string_view part = name.substr(0, slash);
    bool plain = part.find_first_not_of(
                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789._-") == part.npos;
    if (part.empty() || part.starts_with('.') || !plain) {
      return false;
    }
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return true;
}

class BodyReader {
 public:
  BodyReader(int line, Complaints& complaints)
      : line_(line), complaints_(complaints) {
    parts_.emplace_back();
    parts_.back().place = {line, 1};
  }

  void take(std::string_view line) {
    bool fence = line.starts_with(kFence);
    if (file_) {
      fence ? close_file() : add_to_file(line);
    } else if (!block_ && fence && !name_in(line).empty()) {
      open_file(name_in(line));
    } else if (!block_ && line.starts_with(kHeading)) {
      LessonPart part;
      part.heading = trimmed(line.substr(kHeading.size()));
      part.place = {line_, 1};
      parts_.push_back(std::move(part));
    } else {
      block_ = block_ != fence;
      parts_.back().prose += std::string(line) + "\n";
    }
    ++line_;
  }

  std::vector<LessonPart> finish() {
    if (file_ || block_) {
      complaints_.add({{line_, 1}}, "a block of code that is not closed");
    }
    for (LessonPart& part : parts_) {
      part.prose = tidy(part.prose);
    }
    return std::move(parts_);
  }

 private:
  void open_file(std::string_view name) {
    file_.emplace();
    file_->name = name;
    file_->place = {line_, 1};
    const std::vector<LessonFile>& there = parts_.back().files;
    bool twice = std::any_of(
        there.begin(), there.end(),
        [&](const LessonFile& other) { return other.name == name; });
    if (!is_below(name)) {
      complaints_.add({{line_, 1}, 3},
                      "a file of a lesson lies in its folder and has a name of "
                      "letters, digits, '.', '_' and '-', not " +
                          quote_of(name));
    } else if (twice) {
      complaints_.add({{line_, 1}, 3},
                      "the file " + quote_of(name) + " is there already");
    }
  }

  void add_to_file(std::string_view line) {
    file_->text += std::string(line) + "\n";
  }

  void close_file() {
    parts_.back().files.push_back(*std::move(file_));
    file_.reset();
  }

  // Without blank lines at both ends, and never two of them in a row.
  static std::string tidy(const std::string& text) {
    std::string out;
    bool blank = true;
    for (std::string_view line : lines_of(text)) {
      bool empty = trimmed(line).empty();
      if (!empty || !blank) {
        out += std::string(line) + "\n";
      }
      blank = empty;
    }
    while (out.ends_with("\n\n")) {
      out.pop_back();
    }
    return out;
  }

  int line_;
  Complaints& complaints_;
  std::vector<LessonPart> parts_;
  std::optional<LessonFile> file_;
  bool block_ = false;  // in a block that has no name
};

}  // namespace

std::vector<LessonPart> read_lesson_body(std::string_view markdown, int line,
                                         Complaints& complaints) {
  BodyReader reader(line, complaints);
  for (std::string_view one : lines_of(markdown)) {
    reader.take(one);
  }
  return reader.finish();
}

}  // namespace faultrig
