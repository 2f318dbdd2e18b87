#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faultrig {

// The client's side of a WebSocket after its handshake (RFC 6455): reads the
// frames of a server as their bytes come, answers a ping, and a close. What is
// said in it is not kept.
class WebSocket {
 public:
  // More bytes of the server; gives what is to be sent for them. After a close
  // frame, or one that no server may send, it reads no more.
  std::string feed(std::string_view bytes);

  // Of the server's close frame (7.4); 1005: it had none; 0: no such frame
  // came.
  int close_code() const { return close_code_; }
  // It sent what no server may send.
  bool is_broken() const { return broken_; }

 private:
  bool take_head();
  void take_body(std::string_view& bytes);
  std::string answer() const;

  std::string head_;        // of a frame, as far as it has come
  std::uint64_t left_ = 0;  // bytes of its body that have not come
  int opcode_ = -1;         // of the frame that is being read; -1: none
  std::string body_;        // of a control frame, at most 125 bytes
  int close_code_ = 0;
  bool broken_ = false;
};

// What asks for one (4.1), as lines of a head.
std::string_view web_socket_lines();

}  // namespace faultrig
