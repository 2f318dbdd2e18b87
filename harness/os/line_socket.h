#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// Lines of text over a stream socket (unix(7)), in both directions; nothing
// here waits. The descriptor is borrowed.
class LineSocket {
 public:
  explicit LineSocket(int socket) : socket_(socket) {}
  int fd() const { return socket_; }

  // Sends the line and what was left before, as far as the kernel takes it now.
  void put(std::string_view line);
  void flush();
  // Bytes that the kernel has not taken yet.
  std::size_t left() const { return out_.size() - done_; }

  // The lines that have come, without their ends; more may come behind them.
  // A line of more than 64 MiB is an error.
  Result<std::vector<std::string>> take();
  // The peer has closed its end, and all lines were taken.
  bool is_over() const { return over_; }

 private:
  int socket_;
  std::string out_;
  std::size_t done_ = 0;  // bytes of out_ that are sent
  std::string in_;
  bool over_ = false;
};

}  // namespace faultrig
