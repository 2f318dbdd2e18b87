#include "harness/model/lesson_prose.h"

#include <algorithm>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

// `[text](address)` is `text`, `**text**` is `text`.
std::string plain(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    std::size_t middle = line.find("](");
    std::size_t end = middle == line.npos ? line.npos : line.find(')', middle);
    bool link = line[0] == '[' && end != line.npos &&
                line.substr(1, middle - 1).find('[') == line.npos;
    if (link) {
      out += plain(line.substr(1, middle - 1));
      line.remove_prefix(end + 1);
    } else if (line.starts_with("**")) {
      line.remove_prefix(2);
    } else {
      out += line[0];
      line.remove_prefix(1);
    }
  }
  return out;
}

class ProseReader {
 public:
  void take(std::string_view line) {
    bool fence = line.starts_with("```");
    if (fence) {
      end_paragraph();
      code_ = !code_;
    } else if (code_ || line.starts_with("    ")) {
      end_paragraph();
      out_.push_back((code_ ? "    " : "") + std::string(line));
    } else if (line.empty()) {
      end_paragraph();
      out_.emplace_back();
    } else {
      if (line.starts_with("- ")) {
        end_paragraph();
      }
      std::string said = plain(line);
      std::size_t from = std::min(said.find_first_not_of(' '), said.size());
      paragraph_ += (paragraph_.empty() ? "" : " ") + said.substr(from);
    }
  }

  std::vector<std::string> finish() {
    end_paragraph();
    return std::move(out_);
  }

 private:
  void end_paragraph() {
    if (paragraph_.empty()) {
      return;
    }
    bool item = paragraph_.starts_with("- ");
    std::string text = item ? paragraph_.substr(2) : paragraph_;
    std::string whole = wrapped(item ? "- " : "", text, item ? 2 : 0);
    for (std::string_view line : lines_of(whole)) {
      out_.emplace_back(line);
    }
    paragraph_.clear();
  }

  std::vector<std::string> out_;
  std::string paragraph_;
  bool code_ = false;
};

}  // namespace

std::vector<std::string> prose_lines(std::string_view markdown) {
  ProseReader reader;
  for (std::string_view line : lines_of(markdown)) {
    reader.take(line);
  }
  return reader.finish();
}

}  // namespace faultrig
