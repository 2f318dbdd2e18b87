#pragma once

#include <string>

namespace faultrig {

// Finds the requests of HTTP/1.1 in what a client sends (RFC 9112), as far as
// it takes to answer each.
class HttpRequests {
 public:
  void add(const std::string& bytes) { bytes_ += bytes; }
  enum class Next {
    whole,    // one has come, and is taken out
    part,     // one has begun
    none,     // nothing is left
    foreign,  // this is no HTTP/1, or none that can be read: take() it
  };
  Next next();
  // All that has come and belongs to no whole request.
  std::string take();
  bool is_empty() const { return bytes_.empty(); }
  // Was the last one the last that may be sent there?
  bool closes() const { return closes_; }

 private:
  std::string bytes_;
  bool closes_ = false;
};

// A whole answer with this status and body.
std::string http_answer(int status, const std::string& body, bool closes);

}  // namespace faultrig
