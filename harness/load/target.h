#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// What a URL of ours names: `/healthz`, `:8080/healthz` or
// `http://127.0.0.1:8080/healthz`. A host is only what we call the server: we
// connect to the socket that the service listens on.
struct HttpTarget {
  std::string host;  // empty: none was named
  int port = 0;      // 0: the one the service listens on
  std::string path = "/";
};
Result<HttpTarget> parse_target(std::string_view text);

// Where to connect to reach what this socket listens on: its own address, or a
// loopback address that fits it where it listens on all.
InetAddress address_to_reach(const InetSocket& listener);

// Of the service's listeners, one a port, the lowest port first; `port` 0: all.
std::vector<InetSocket> candidates_among(std::vector<InetSocket> listeners,
                                         int port);

// The head and body of a request of HTTP/1.1.
struct HttpRequest {
  std::string method = "GET";
  std::string host;  // with its port
  std::string path = "/";
  std::string body;
  bool keep_alive = true;
};
std::string text_of(const HttpRequest& request);

}  // namespace faultrig
