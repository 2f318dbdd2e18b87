#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace faultrig {

// The largest body that is read, as it comes and as what it is unpacked to.
inline constexpr std::size_t kLargestSpans = 8 << 20;

// A request of HTTP/1.1 that came whole. Texts are as they came.
struct Post {
  std::string method;
  std::string target;
  std::string type;      // Content-Type
  std::string encoding;  // Content-Encoding
  std::string body;
  bool keeps_alive = false;  // another one may follow
};

// Reads the requests of one connection as their bytes come (RFC 9112), with
// bodies of a length and in chunks. Keeps at most a head of 16 KiB and a body
// of kLargestSpans. Pure.
class PostReader {
 public:
  PostReader();
  PostReader(const PostReader&) = delete;
  PostReader& operator=(const PostReader&) = delete;
  ~PostReader();

  // More of what came. False: what is there can be read no further, and
  // status() says with what it is answered.
  bool feed(std::string_view bytes);
  // Is one there whole? Then take() gives it, and begins with the next.
  bool is_whole() const;
  Post take();
  // Nothing of a request was read that is not whole.
  bool is_idle() const;
  // Its sender waits for a word before it sends the body (Expect). Once.
  bool waits_for_leave();
  // 400, 413 (the body) or 431 (the head); 505: it speaks HTTP/2, as gRPC does.
  int status() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace faultrig
