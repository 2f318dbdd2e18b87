// Only the end of a request matters here. TLS begins with a byte that is no
// letter, HTTP/2 with a version that is not 1.
#include "harness/run/http_requests.h"

#include <utility>

#include <fmt/format.h>

#include "harness/load/http_messages.h"

namespace faultrig {

HttpRequests::Next HttpRequests::next() {
  if (bytes_.empty()) {
    return Next::none;
  }
  FoundRequest found = find_request(bytes_);
  if (found.what != FoundRequest::What::whole) {
    return found.what == FoundRequest::What::part ? Next::part : Next::foreign;
  }
  closes_ = found.last;
  bytes_.erase(0, closes_ ? bytes_.size() : found.size);
  return Next::whole;
}

std::string HttpRequests::take() { return std::exchange(bytes_, ""); }

std::string http_answer(int status, const std::string& body, bool closes) {
  bool none = status == 204 || status == 304 || status < 200;
  std::string length =
      none ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return fmt::format(
      "HTTP/1.1 {} fault\r\nContent-Type: text/plain; charset=utf-8\r\n{}"
      "Connection: {}\r\n\r\n{}",
      status, length, closes ? "close" : "keep-alive", none ? "" : body);
}

}  // namespace faultrig
