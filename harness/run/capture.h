#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace faultrig {

// Keeps what a workload prints, in bounded memory: the first half of the limit
// and the last half, the middle cut and marked. Splits it into lines while it
// comes, for those who wait for one.
class Capture {
 public:
  using Line = std::function<void(std::string_view)>;

  // `line` may be empty: then no lines are split.
  Capture(std::size_t limit, Line line);

  void add(std::string_view bytes);
  // The output has ended: a last line without an end is given too.
  void finish();

  // How many bytes came so far, those that are being split among them.
  std::uint64_t taken() const { return total_; }
  // With how many before it the line began that is given now.
  std::uint64_t line_begin() const { return line_begin_; }

  // All, or both ends with `[... N bytes cut ...]` on a line between them.
  std::string text() const;
  std::uint64_t cut() const;

 private:
  void split(std::string_view bytes);

  std::size_t half_;
  Line line_;
  std::string head_;
  std::string tail_;  // a ring once it is full
  std::size_t tail_start_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t line_begin_ = 0;
  std::string partial_;
};

}  // namespace faultrig
