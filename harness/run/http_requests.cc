// Only the end of a request matters here, and of an answer. TLS begins with a
// byte that is no letter, HTTP/2 with a method that nobody has registered. Of
// what cannot be followed nothing is known for ever: what looks like a request
// there may be the body of another.
#include "harness/run/http_requests.h"

#include <utility>

#include <fmt/format.h>

namespace faultrig {

void HttpRequests::leave_alone() {
  alone_ = true;
  owed_.clear();
  bytes_.erase(0, std::exchange(gone_, 0));
}

HttpRequests::Next HttpRequests::next() {
  if (!alone_ && gone_ < bytes_.size()) {
    found_ = find_request(bytes_);
    if (found_.what == FoundRequest::What::foreign) {
      leave_alone();
    }
  }
  if (gone_ == bytes_.size()) {
    return Next::none;
  }
  if (alone_ || gone_ > 0) {
    return Next::rest;
  }
  return found_.what == FoundRequest::What::whole ? Next::whole : Next::part;
}

void HttpRequests::drop() {
  dropped_ = found_;
  bytes_.erase(0, found_.last ? bytes_.size() : found_.size);
}

std::string HttpRequests::pass() {
  if (alone_) {
    return std::exchange(bytes_, "");
  }
  bool whole = found_.what == FoundRequest::What::whole;
  std::size_t end = whole && !found_.last ? found_.size : bytes_.size();
  std::string on = bytes_.substr(gone_, end - gone_);
  gone_ = end;
  if (whole) {
    bytes_.erase(0, std::exchange(gone_, 0));
    owed_.push_back(found_.to_head);
  }
  if (whole && found_.last) {
    leave_alone();
  }
  return on;
}

void HttpRequests::heard(std::string_view bytes) {
  constexpr int kSwitchingProtocols = 101;
  std::string left(bytes);
  while (!alone_ && !left.empty()) {
    if (!reply_ && !owed_.empty()) {
      reply_.emplace(owed_.front(), 0);
    }
    if (!reply_ || !reply_->feed(left) ||
        reply_->status() == kSwitchingProtocols) {
      leave_alone();
      return;
    }
    left.clear();
    if (reply_->complete()) {
      left = reply_->rest();
      reply_.reset();
      owed_.pop_front();
    }
  }
}

std::string http_answer(int status, const std::string& body, bool closes,
                        bool to_head) {
  bool none = status == 204 || status == 304 || status < 200;
  std::string length =
      none ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return fmt::format(
      "HTTP/1.1 {} fault\r\nContent-Type: text/plain; charset=utf-8\r\n{}"
      "Connection: {}\r\n\r\n{}",
      status, length, closes ? "close" : "keep-alive",
      none || to_head ? "" : body);
}

}  // namespace faultrig
