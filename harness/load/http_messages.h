#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace faultrig {

// Reads one answer of HTTP/1.0 or 1.1 as its bytes come, and tells when it is
// whole (RFC 9112, section 6.3): by Content-Length, by the last chunk, or,
// where it has neither, by the end of the connection. Keeps at most 64 KiB of
// its head, and the beginning of its body. Interim answers (100 to 199, 101
// apart) are skipped.
class Reply {
 public:
  // `to_head`: the answer to a HEAD request has no body, whatever it says.
  // `kept`: how many bytes of its body.
  explicit Reply(bool to_head = false, std::size_t kept = 256);
  Reply(Reply&& other) noexcept;
  Reply& operator=(Reply&& other) noexcept;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply();

  // More of it. False: this is no HTTP, or its head is too large; nothing else
  // changes any more.
  bool feed(std::string_view bytes);
  // The connection has ended.
  void end();

  bool is_http() const;  // its head was read
  bool complete() const;
  // Bytes came after its end, which nobody has asked for.
  bool overran() const;
  // May the connection take another request?
  bool keeps_alive() const;
  int status() const;
  std::string location() const;  // of a redirection
  // The body's first bytes, those that were to be kept.
  const std::string& beginning() const;
  // What came behind its end.
  const std::string& rest() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

// The request of HTTP/1 with which these bytes begin (RFC 9112, section 6).
struct FoundRequest {
  enum class What {
    whole,    // so many bytes of it
    part,     // more has to come
    foreign,  // this is no HTTP/1, or none that can be read
  } what = What::part;
  std::size_t size = 0;
  // Whole or not, it is the last that its client may send there, and may be
  // answered now: it says so, is of HTTP/1.0, waits before it sends its body
  // (Expect), has a body of more than 256 KiB, or asks for another protocol
  // (Upgrade, CONNECT).
  bool last = false;
  bool to_head = false;  // of HEAD: its answer has no body
};
FoundRequest find_request(std::string_view bytes);

}  // namespace faultrig
