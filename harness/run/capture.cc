#include "harness/run/capture.h"

#include <algorithm>
#include <utility>

namespace faultrig {

namespace {

// A longer line is looked at in pieces: no output may eat our memory.
constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

}  // namespace

Capture::Capture(std::size_t limit, Line line)
    : half_(std::max<std::size_t>(limit / 2, 1)), line_(std::move(line)) {}

void Capture::add(std::string_view bytes) {
  if (partial_.empty()) {
    line_begin_ = total_;
  }
  total_ += bytes.size();
  if (line_) {
    split(bytes);
  }
  std::size_t to_head = std::min(half_ - head_.size(), bytes.size());
  head_.append(bytes.substr(0, to_head));
  bytes.remove_prefix(to_head);
  if (bytes.size() > half_) {
    bytes.remove_prefix(bytes.size() - half_);
  }
  std::size_t to_grow = std::min(half_ - tail_.size(), bytes.size());
  tail_.append(bytes.substr(0, to_grow));
  bytes.remove_prefix(to_grow);
  while (!bytes.empty()) {
    std::size_t piece = std::min(half_ - tail_start_, bytes.size());
    bytes.copy(tail_.data() + tail_start_, piece);
    tail_start_ = (tail_start_ + piece) % half_;
    bytes.remove_prefix(piece);
  }
}

void Capture::split(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t end = bytes.find('\n');
    bool whole = end != std::string_view::npos;
    std::size_t room = kLongestLine - partial_.size();
    std::size_t piece = std::min(whole ? end : bytes.size(), room);
    partial_.append(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
    bool ended = bytes.starts_with('\n');
    if (ended) {
      bytes.remove_prefix(1);
    }
    if (ended || partial_.size() == kLongestLine) {
      line_(partial_);
      partial_.clear();
      line_begin_ = total_ - bytes.size();
    }
  }
}

void Capture::finish() {
  if (line_ && !partial_.empty()) {
    line_(std::exchange(partial_, ""));
  }
}

std::uint64_t Capture::cut() const {
  return total_ - head_.size() - tail_.size();
}

std::string Capture::text() const {
  std::string tail = tail_.substr(tail_start_) + tail_.substr(0, tail_start_);
  if (cut() == 0) {
    return head_ + tail;
  }
  return head_ + "\n[... " + std::to_string(cut()) + " bytes cut ...]\n" + tail;
}

}  // namespace faultrig
