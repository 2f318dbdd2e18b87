#include "harness/model/http_target.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;
constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";
constexpr int kLastPort = 65535;

Error no_target(std::string_view text, std::string_view why) {
  return usage_error(fmt::format("'{}' is no URL of a service: {}", text, why));
}

// `host`, `host:8080`, `:8080`, `[::1]:8080`.
Result<HttpTarget> parse_authority(std::string_view text, int usual_port) {
  HttpTarget target;
  auto colon = text.rfind(':');
  auto bracket = text.rfind(']');
  bool has_port = colon != std::string_view::npos &&
                  (bracket == std::string_view::npos || colon > bracket);
  target.host = colon == 0 ? "" : text;
  if (!has_port) {
    target.port = usual_port;
    return target;
  }
  target.port = whole_number<int>(text.substr(colon + 1)).value_or(0);
  if (target.port < 1 || target.port > kLastPort) {
    return no_target(text, "a port is a number from 1 to 65535");
  }
  return target;
}

}  // namespace

Result<HttpTarget> parse_target(std::string_view text) {
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char byte) { return byte <= ' '; })) {
    return no_target(text, "it has a blank or a control character");
  }
  bool tls = text.starts_with(kHttps);
  bool full = tls || text.starts_with(kHttp);
  std::string_view rest = text;
  rest.remove_prefix(tls ? kHttps.size() : full ? kHttp.size() : 0);
  if (!full && !rest.empty() && rest.front() != '/' && rest.front() != ':') {
    return no_target(text,
                     "it starts with `/`, `:PORT`, `http://` or `https://`");
  }
  auto slash = std::min(rest.find('/'), rest.size());
  HttpTarget target;
  if (slash > 0) {
    TRY_ASSIGN(target, parse_authority(rest.substr(0, slash),
                                       tls ? kHttpsPort : kHttpPort));
  }
  target.tls = tls;
  if (slash < rest.size()) {
    target.path = rest.substr(slash);
  }
  return target;
}

}  // namespace faultrig
