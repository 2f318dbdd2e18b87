#include "harness/os/line_socket.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace faultrig {

namespace {

constexpr std::size_t kLongest = 64 << 20;
constexpr std::size_t kBuffer = 64 << 10;
constexpr int kReads = 16;  // a call, so that the caller gets to other things

}  // namespace

void LineSocket::put(std::string_view line) {
  out_.append(line);
  out_.push_back('\n');
  flush();
}

void LineSocket::flush() {
  while (left() > 0) {
    ssize_t put =
        send(socket_, out_.data() + done_, left(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put <= 0) {
      break;  // later, or never: take() tells that the peer is gone
    }
    done_ += static_cast<std::size_t>(put);
  }
  if (done_ == out_.size() || done_ > kBuffer) {
    out_.erase(0, done_);
    done_ = 0;
  }
}

Result<std::vector<std::string>> LineSocket::take() {
  std::array<char, kBuffer> buffer;
  for (int i = 0; i < kReads; ++i) {
    ssize_t got = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      break;
    }
    if (got <= 0) {
      over_ = true;
      break;
    }
    in_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end = 0; (end = in_.find('\n', start)) != std::string::npos;
       start = end + 1) {
    lines.push_back(in_.substr(start, end - start));
  }
  in_.erase(0, start);
  if (in_.size() > kLongest) {
    return internal_error("a line over a socket has no end");
  }
  return lines;
}

}  // namespace faultrig
