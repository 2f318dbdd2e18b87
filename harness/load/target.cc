#include "harness/load/target.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace faultrig {

namespace {

constexpr int kHttpPort = 80;
constexpr int kLastPort = 65535;

Error no_target(std::string_view text, std::string_view why) {
  return usage_error(fmt::format("'{}' is no URL of a service: {}", text, why));
}

// `host`, `host:8080`, `:8080`, `[::1]:8080`.
Result<HttpTarget> parse_authority(std::string_view text) {
  HttpTarget target;
  auto colon = text.rfind(':');
  auto bracket = text.rfind(']');
  bool has_port = colon != std::string_view::npos &&
                  (bracket == std::string_view::npos || colon > bracket);
  target.host = colon == 0 ? "" : text;
  if (!has_port) {
    target.port = kHttpPort;
    return target;
  }
  std::string_view digits = text.substr(colon + 1);
  auto [end, failed] = std::from_chars(
      digits.data(), digits.data() + digits.size(), target.port);
  if (failed != std::errc() || end != digits.data() + digits.size() ||
      target.port < 1 || target.port > kLastPort) {
    return no_target(text, "a port is a number from 1 to 65535");
  }
  return target;
}

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

Result<HttpTarget> parse_target(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char byte) { return byte <= ' '; })) {
    return no_target(text, "it has a blank or a control character");
  }
  if (text.starts_with("https://")) {
    return no_target(text, "TLS is not spoken yet");
  }
  bool full = text.starts_with(kScheme);
  std::string_view rest = full ? text.substr(kScheme.size()) : text;
  if (!full && !rest.empty() && rest.front() != '/' && rest.front() != ':') {
    return no_target(text, "it starts with `/`, `:PORT` or `http://`");
  }
  auto slash = std::min(rest.find('/'), rest.size());
  HttpTarget target;
  if (slash > 0) {
    TRY_ASSIGN(target, parse_authority(rest.substr(0, slash)));
  }
  if (slash < rest.size()) {
    target.path = rest.substr(slash);
  }
  return target;
}

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
