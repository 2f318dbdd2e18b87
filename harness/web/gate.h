#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/web/http_server.h"

namespace faultrig {

// Who may ask the workshop for what. A page of any other site can make a
// browser on this machine send requests to loopback, even under a name of its
// own that it has made to lead there (DNS rebinding): so the name that was
// asked for counts, and a token that only who started us knows.
class Gate {
 public:
  // `token` is the first part of every path.
  Gate(int port, std::string token) : port_(port), token_(std::move(token)) {}

  enum class Room { page, style, script, lessons, events, run, end };
  struct Pass {
    int status = 200;  // anything else: no
    Room room = Room::page;
    std::size_t number = 0;  // of `run`, from 1
    std::string why;         // of a no; fit for a line
  };

  // 400: it does not have one Host field; 403: another host, no or another
  // token, another origin; 404: no such room; 405: another method.
  Pass look_at(const WebRequest& request) const;

  // Where to begin: `http://127.0.0.1:4711/TOKEN/`.
  std::string url() const;

 private:
  bool is_our_host(std::string_view host) const;

  int port_;
  std::string token_;
};

// As `==`, in a time that tells nothing but the length.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// What every answer of the workshop says besides: nothing may be kept, framed
// or loaded from elsewhere, and no address goes elsewhere.
void add_guards(WebAnswer& answer);

}  // namespace faultrig
