#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "harness/base/fd.h"

namespace faultrig {

// Bytes on their way from one socket to another, each not before its time. Of
// bounded size: who fills it looks at room() first.
class ByteQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  std::size_t room() const;
  bool empty() const { return pieces_.empty(); }
  std::size_t size() const { return size_; }
  void add(std::string bytes, Time due);
  // How many bytes were ever added, and sent.
  std::uint64_t added() const { return added_; }
  std::uint64_t sent() const { return sent_; }
  void clear();
  // All of it may go at once.
  void let_go();

  // What was sent, and why no more was: it is empty or the bound was reached,
  // its next piece is due at `wait`, the kernel takes no more now, or never
  // will (an errno).
  struct Sent {
    std::uint64_t bytes = 0;
    std::optional<Time> wait = std::nullopt;
    bool blocked = false;
    int error = 0;
  };
  Sent send(const Fd& to, Time now, std::uint64_t most);

 private:
  struct Piece {
    std::string bytes;
    Time due;
    std::size_t gone = 0;
  };
  std::deque<Piece> pieces_;
  std::size_t size_ = 0;
  std::uint64_t added_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace faultrig
