#include "harness/load/target.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/model/http_target.h"

namespace faultrig {

namespace {

// Of one port that of IPv4 first.
bool by_port(const InetSocket& a, const InetSocket& b) {
  return a.local.port != b.local.port ? a.local.port < b.local.port
                                      : a.local.is_v4() && !b.local.is_v4();
}

// Of two ports. Of sockets that one thread makes, later ones have higher
// numbers.
bool comes_first(const InetSocket& a, const InetSocket& b) {
  bool both_chosen =
      a.local.port >= kFirstChosenPort && b.local.port >= kFirstChosenPort;
  return both_chosen && a.inode != b.inode ? a.inode < b.inode
                                           : a.local.port < b.local.port;
}

bool same_port(const InetSocket& a, const InetSocket& b) {
  return a.local.port == b.local.port;
}

bool is_json(std::string_view body) {
  return body.starts_with('{') || body.starts_with('[');
}

std::string head_of(const HttpRequest& request) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: faultrig\r\n{}",
                  request.method, request.path, request.host, request.lines);
  if (!request.keep_alive) {
    text += "Connection: close\r\n";
  }
  bool may_lack_a_body = request.method == "GET" || request.method == "HEAD";
  if (request.body.empty() && may_lack_a_body && !request.chunked) {
    return text + "\r\n";
  }
  return text + fmt::format("Content-Type: {}\r\n{}\r\n\r\n",
                            is_json(request.body) ? "application/json"
                                                  : "application/octet-stream",
                            request.chunked ? "Transfer-Encoding: chunked"
                                            : fmt::format("Content-Length: {}",
                                                          request.body.size()));
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
  // One a port first: by numbers of sockets those of one may be apart.
  std::sort(listeners.begin(), listeners.end(), by_port);
  listeners.erase(std::unique(listeners.begin(), listeners.end(), same_port),
                  listeners.end());
  std::sort(listeners.begin(), listeners.end(), comes_first);
  std::erase_if(listeners, [port](const InetSocket& listener) {
    return port != 0 && listener.local.port != port;
  });
  return listeners;
}

std::string text_of(const HttpRequest& request) {
  std::string text;
  for (const std::string& piece : pieces_of(request, 1)) {
    text += piece;
  }
  return text;
}

std::deque<std::string> pieces_of(const HttpRequest& request, int count) {
  std::size_t size =
      std::max<std::size_t>(1, (request.body.size() + count - 1) / count);
  std::deque<std::string> pieces = {head_of(request)};
  for (std::size_t at = 0; at < request.body.size(); at += size) {
    std::string piece = request.body.substr(at, size);
    if (request.chunked) {
      piece = fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    pieces.push_back(std::move(piece));
  }
  if (request.chunked) {
    pieces.back() += "0\r\n\r\n";
  }
  if (pieces.size() > 1) {
    pieces[1].insert(0, pieces[0]);
    pieces.pop_front();
  }
  return pieces;
}

}  // namespace faultrig
