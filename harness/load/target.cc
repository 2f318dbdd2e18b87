#include "harness/load/target.h"

#include <algorithm>

#include <fmt/format.h>

namespace faultrig {

namespace {

bool comes_first(const InetSocket& a, const InetSocket& b) {
  if (a.local.port != b.local.port) {
    return a.local.port < b.local.port;
  }
  return a.local.is_v4() && !b.local.is_v4();
}

bool is_json(std::string_view body) {
  return body.starts_with('{') || body.starts_with('[');
}

}  // namespace

InetAddress address_to_reach(const InetSocket& listener) {
  if (!listener.local.is_any()) {
    return listener.local;
  }
  return listener.only_v6 ? loopback_v6(listener.local.port)
                          : loopback_v4(listener.local.port);
}

std::vector<InetSocket> candidates_among(std::vector<InetSocket> listeners,
                                         int port) {
  std::sort(listeners.begin(), listeners.end(), comes_first);
  auto same_port = [](const InetSocket& a, const InetSocket& b) {
    return a.local.port == b.local.port;
  };
  listeners.erase(std::unique(listeners.begin(), listeners.end(), same_port),
                  listeners.end());
  std::erase_if(listeners, [port](const InetSocket& listener) {
    return port != 0 && listener.local.port != port;
  });
  return listeners;
}

std::string text_of(const HttpRequest& request) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: faultrig\r\n",
                  request.method, request.path, request.host);
  if (!request.keep_alive) {
    text += "Connection: close\r\n";
  }
  bool may_lack_a_body = request.method == "GET" || request.method == "HEAD";
  if (!request.body.empty() || !may_lack_a_body) {
    text += fmt::format(
        "Content-Type: {}\r\nContent-Length: {}\r\n",
        is_json(request.body) ? "application/json" : "application/octet-stream",
        request.body.size());
  }
  return text + "\r\n" + request.body;
}

}  // namespace faultrig
