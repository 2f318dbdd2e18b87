#pragma once

#include <deque>
#include <string>
#include <vector>

#include "harness/os/inet_sockets.h"

namespace faultrig {

// Where to connect to reach what this socket listens on: its own address, or a
// loopback address that fits it where it listens on all.
InetAddress address_to_reach(const InetSocket& listener);

// Of the service's listeners, one a port; `port` 0: all. The lowest port first,
// but of those that the kernel has chosen the one that was opened first.
std::vector<InetSocket> candidates_among(std::vector<InetSocket> listeners,
                                         int port);

// The head and body of a request of HTTP/1.1.
struct HttpRequest {
  std::string method = "GET";
  std::string host;  // with its port
  std::string path = "/";
  std::string body;
  bool keep_alive = true;
  std::string lines;     // more of its head, each with its end
  bool chunked = false;  // its body has no Content-Length
};
std::string text_of(const HttpRequest& request);
// The same in order, with its body in so many pieces, the first with the head;
// fewer where the body has not as many bytes.
std::deque<std::string> pieces_of(const HttpRequest& request, int count);

}  // namespace faultrig
