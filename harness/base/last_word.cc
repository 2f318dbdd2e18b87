#include "harness/base/last_word.h"

namespace faultrig {

namespace {

constexpr std::size_t kKept = 16;  // longer than any verdict with its mark
constexpr char kMark = '\x16';

}  // namespace

// The last of these flags holds. What follows the flags is the test's own.
bool marks_its_lines(const std::vector<std::string>& argv) {
  bool marks = false;
  bool flags = false;
  for (const std::string& word : argv) {
    std::string_view flag = word;
    flag.remove_prefix(flag.starts_with("--") ? 1 : 0);
    flags = flags || flag.starts_with("-test.");
    if (flags && (flag == "-" || !flag.starts_with('-'))) {
      break;
    }
    if (flag == "-test.v" || flag.starts_with("-test.v=")) {
      marks = flag == "-test.v=test2json";
    }
  }
  return marks;
}

std::string_view verdict_word(std::string_view line, bool marked) {
  std::size_t mark = line.rfind(kMark);
  if (mark != std::string_view::npos) {
    line.remove_prefix(mark + 1);
  } else if (marked) {
    return "";
  }
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  bool passed = marked ? line == "PASS" : line.ends_with("PASS");
  return passed ? "PASS" : line == "FAIL" ? "FAIL" : "";
}

void LastWord::take(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\n');
    std::string_view part = bytes.substr(0, end);
    if (line_.size() + part.size() > 2 * kKept) {
      // Only the end of a long line can still be a verdict.
      line_ += part.size() > kKept ? part.substr(part.size() - kKept) : part;
      line_.erase(0, line_.size() - kKept);
    } else {
      line_ += part;
    }
    if (end == std::string_view::npos) {
      return;
    }
    std::string_view said = verdict_word(line_, marked_);
    word_ = said.empty() ? word_ : std::string(said);
    line_.clear();
    bytes.remove_prefix(end + 1);
  }
}

std::string LastWord::word() const {
  std::string_view said = verdict_word(line_, marked_);
  return said.empty() ? word_ : std::string(said);
}

}  // namespace faultrig
