#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultrig {

// A request of HTTP/2. `pieces`: its body; what follows the first is sent when
// H2Session::go_on() says so. None: it has no body.
struct H2Request {
  std::string method = "GET";
  std::string scheme = "http";
  std::string authority;
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> fields;
  std::deque<std::string> pieces;
};

// Bytes to be sent, and the streams whose request begins in them, or is whole
// with them: each with its first byte, or the one behind its last.
struct H2Bytes {
  std::string bytes;
  std::map<int, std::size_t> begun;
  std::map<int, std::size_t> ended;
};

// What happens to streams, each by its number. Nothing may be asked of the
// session in these.
class H2SessionUser {
 public:
  virtual ~H2SessionUser() = default;
  // A piece is given, and another is to follow.
  virtual void piece_given(int stream) = 0;
  // Of the answer's head or trailers; `:status` is the status.
  virtual void field_came(int stream, std::string_view name,
                          std::string_view value) = 0;
  virtual void body_came(int stream, std::string_view bytes) = 0;
  // END_STREAM: the answer is whole.
  virtual void answer_ended(int stream) = 0;
  // Nothing follows. `code`: of RST_STREAM, or why we closed it (RFC 9113,
  // section 7); REFUSED_STREAM also for what a GOAWAY says was not begun.
  virtual void stream_closed(int stream, std::uint32_t code) = 0;
};

// The client's side of a connection of HTTP/2, without a socket: bytes of the
// wire on one side, streams on the other (RFC 9113).
class H2Session {
 public:
  explicit H2Session(H2SessionUser& user);
  H2Session(const H2Session&) = delete;
  H2Session& operator=(const H2Session&) = delete;
  ~H2Session();

  // Its stream; -1: nothing more can be asked on this connection.
  int ask(H2Request request);
  // The next piece of its body may go.
  void go_on(int stream);
  // Bytes that came. False: this is no HTTP/2; nothing follows.
  bool feed(std::string_view bytes);
  // What is to be sent now.
  H2Bytes to_send();

  // It wants neither to read nor to send any more.
  bool is_over() const;
  // Has a frame of HTTP/2 come?
  bool spoke() const;
  // No GOAWAY has come, and there are numbers left.
  bool may_ask() const;
  // `GOAWAY NO_ERROR`; empty: none came.
  std::string goaway() const;

  class Core;

 private:
  std::unique_ptr<Core> core_;
};

// `CANCEL`, of RFC 9113, section 7.
std::string h2_error_name(std::uint32_t code);
bool is_refused_stream(std::uint32_t code);

}  // namespace faultrig
