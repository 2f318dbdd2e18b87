// A full socket says EAGAIN, and poll(2) tells when it takes more.
#include "harness/run/byte_queue.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "harness/os/stream_socket.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = std::size_t{256} * 1024;

}  // namespace

std::size_t ByteQueue::room() const { return kMost - std::min(kMost, size_); }

void ByteQueue::add(std::string bytes, Time due) {
  if (bytes.empty()) {
    return;
  }
  size_ += bytes.size();
  added_ += bytes.size();
  pieces_.push_back({std::move(bytes), due});
}

void ByteQueue::clear() {
  pieces_.clear();
  size_ = 0;
}

void ByteQueue::let_go() {
  for (Piece& piece : pieces_) {
    piece.due = Time{};
  }
}

ByteQueue::Sent ByteQueue::send(const Fd& to, Time now, std::uint64_t most) {
  Sent sent;
  while (!pieces_.empty() && sent.bytes < most) {
    Piece& next = pieces_.front();
    if (next.due > now) {
      sent.wait = next.due;
      break;
    }
    auto part = std::string_view(next.bytes)
                    .substr(next.gone)
                    .substr(0, most - sent.bytes);
    std::int64_t put = send_some(to, part);
    if (put < 0) {
      sent.blocked = put == -EAGAIN || put == -EINTR;
      sent.error = sent.blocked ? 0 : static_cast<int>(-put);
      break;
    }
    auto count = static_cast<std::size_t>(put);
    next.gone += count;
    size_ -= count;
    sent.bytes += count;
    sent_ += count;
    if (next.gone == next.bytes.size()) {
      pieces_.pop_front();
    }
  }
  return sent;
}

}  // namespace faultrig
