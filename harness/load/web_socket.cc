// A frame (RFC 6455, section 5.2) is two bytes, a longer length where 126 or
// 127 stands for it, and its body; a server never masks. Ours are masked by a
// key that is always the same: it guards proxies against scripts, and there are
// neither.
#include "harness/load/web_socket.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

constexpr unsigned kFinal = 0x80;
constexpr unsigned kMasked = 0x80;
constexpr unsigned kReserved = 0x70;
constexpr std::size_t kMostOfControl = 125;
constexpr int kNoCode = 1005;
constexpr std::string_view kMask = "rig!";

unsigned byte_at(const std::string& text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_control(int opcode) { return opcode >= kClose; }

std::size_t head_size(const std::string& head) {
  switch (byte_at(head, 1) & 0x7FU) {
    case 126:
      return 4;
    case 127:
      return 10;
    default:
      return 2;
  }
}

std::uint64_t length_in(const std::string& head) {
  std::uint64_t length = 0;
  for (std::size_t i = 2; i < head.size(); ++i) {
    length = length << 8U | byte_at(head, i);
  }
  return head.size() > 2 ? length : byte_at(head, 1);
}

}  // namespace

std::string_view web_socket_lines() {
  return "Connection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
}

std::string WebSocket::feed(std::string_view bytes) {
  std::string out;
  while (!broken_ && close_code_ == 0) {
    if (opcode_ < 0) {
      if (bytes.empty()) {
        break;
      }
      head_ += bytes.front();
      bytes.remove_prefix(1);
      if (!take_head()) {
        continue;
      }
    }
    take_body(bytes);
    if (left_ > 0) {
      break;
    }
    out += answer();
    if (opcode_ == kClose) {
      close_code_ =
          body_.size() < 2
              ? kNoCode
              : static_cast<int>(byte_at(body_, 0) << 8U | byte_at(body_, 1));
    }
    opcode_ = -1;
  }
  return out;
}

// True: it is whole.
bool WebSocket::take_head() {
  if (head_.size() < 2 || head_.size() < head_size(head_)) {
    return false;
  }
  opcode_ = static_cast<int>(byte_at(head_, 0) & 0x0FU);
  left_ = length_in(head_);
  broken_ = (byte_at(head_, 1) & kMasked) != 0 ||
            (byte_at(head_, 0) & kReserved) != 0 ||
            (is_control(opcode_) && left_ > kMostOfControl);
  head_.clear();
  body_.clear();
  return true;
}

void WebSocket::take_body(std::string_view& bytes) {
  auto now = static_cast<std::size_t>(
      std::min<std::uint64_t>(left_, broken_ ? 0 : bytes.size()));
  if (is_control(opcode_)) {
    body_.append(bytes.substr(0, now));
  }
  bytes.remove_prefix(now);
  left_ -= now;
}

// Of a ping its pong, of a close the same (5.5.1, 5.5.2).
std::string WebSocket::answer() const {
  if (broken_ || (opcode_ != kPing && opcode_ != kClose)) {
    return "";
  }
  auto opcode = static_cast<unsigned>(opcode_ == kPing ? kPong : kClose);
  std::string frame;
  frame += static_cast<char>(kFinal | opcode);
  frame += static_cast<char>(kMasked | body_.size());
  frame += kMask;
  for (std::size_t i = 0; i < body_.size(); ++i) {
    frame += static_cast<char>(body_[i] ^ kMask[i % kMask.size()]);
  }
  return frame;
}

}  // namespace faultrig
