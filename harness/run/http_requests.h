#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "harness/load/http_messages.h"

namespace faultrig {

// Follows what a client and a server of HTTP/1.1 say on one connection
// (RFC 9112), from its first byte on, as far as it takes to answer a request in
// the server's place: none that has begun to go on, and none before an answer
// that the server owes.
class HttpRequests {
 public:
  // The client has said this.
  void add(std::string_view bytes) { bytes_ += bytes; }
  enum class Next {
    whole,  // a request has come: drop() or pass() it
    part,   // one has begun: wait, or pass() it
    rest,   // of one that has begun to go on, or no HTTP/1 that can be read, or
            // what comes behind that: pass() it
    none,   // nothing is left
  };
  Next next();
  // It is answered here. Valid after next() was `whole`.
  void drop();
  // What goes on to the server, of what next() has found.
  std::string pass();
  // The server has said this.
  void heard(std::string_view bytes);

  // How many bytes wait here.
  std::size_t held() const { return bytes_.size() - gone_; }
  // They are many: of requests that wait for their turn.
  bool is_full() const { return held() > std::size_t{1024} * 1024; }
  // Does it owe an answer to what has gone on?
  bool is_owed() const { return !owed_.empty(); }
  // Was the one that was dropped the last that may be sent there?
  bool closes() const { return dropped_.last; }
  // Was it one of HEAD?
  bool to_head() const { return dropped_.to_head; }

 private:
  void leave_alone();

  std::string bytes_;     // from the beginning of a request
  std::size_t gone_ = 0;  // so many of them have gone on
  FoundRequest found_;
  FoundRequest dropped_;
  std::deque<bool> owed_;  // answers, to HEAD or not
  std::optional<Reply> reply_;
  bool alone_ = false;  // it cannot be followed
};

// A whole answer with this status and body; to a HEAD it is the head alone.
std::string http_answer(int status, const std::string& body, bool closes,
                        bool to_head);

}  // namespace faultrig
