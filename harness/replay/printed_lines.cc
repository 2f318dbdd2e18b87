#include "harness/replay/printed_lines.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr std::size_t kMostLines = 4096;
constexpr std::size_t kMostLine = 4096;
constexpr std::size_t kMostOpen = 1024;

}  // namespace

void PrintedLines::end(PrintedLine line) {
  lines_.push_back(std::move(line));
  if (lines_.size() > kMostLines) {
    lines_.pop_front();
  }
}

void PrintedLines::add(const Piece& piece, std::string_view text) {
  if (open_.size() >= kMostOpen) {
    end(std::move(open_.begin()->second));
    open_.erase(open_.begin());
  }
  PrintedLine& line = open_[{piece.pid, piece.fd}];
  while (!text.empty()) {
    std::size_t size = std::min(text.find('\n'), text.size());
    std::size_t room = kMostLine - std::min(kMostLine, line.text.size());
    line.text += text.substr(0, std::min(size, room));
    line.at = piece.at;
    line.where = piece.where;
    line.pid = piece.pid;
    line.fd = piece.fd;
    bool ends = size < text.size();
    text.remove_prefix(ends ? size + 1 : size);
    if (ends) {
      end(std::move(line));
      line = PrintedLine();
    }
  }
}

std::deque<PrintedLine> PrintedLines::take() {
  for (auto& [who, line] : open_) {
    if (!line.text.empty()) {
      lines_.push_back(std::move(line));
    }
  }
  open_.clear();
  std::stable_sort(
      lines_.begin(), lines_.end(),
      [](const PrintedLine& a, const PrintedLine& b) { return a.at < b.at; });
  return std::move(lines_);
}

}  // namespace faultrig
