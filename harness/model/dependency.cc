// connect(2) names an address, never a host: `localhost` is the only name whose
// addresses are the same everywhere (RFC 6761).
#include "harness/model/dependency.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "harness/base/text.h"
#include "harness/model/peer.h"

namespace faultrig {

namespace {

bool is_port(std::string_view text) {
  bool digits = !text.empty() && text.size() <= 5 &&
                std::all_of(text.begin(), text.end(), [](unsigned char letter) {
                  return std::isdigit(letter) != 0;
                });
  return digits && std::stoi(std::string(text)) > 0 &&
         std::stoi(std::string(text)) <= 65535;
}

bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos || text.starts_with('@');
}

// Of IPv4, of IPv6 in brackets, or with `*` and `?` in either.
bool is_host(std::string_view text) {
  bool six = text.size() > 2 && text.front() == '[' && text.back() == ']';
  std::string_view letters = six ? "0123456789abcdef:.*?" : "0123456789.*?";
  std::string_view inner = six ? text.substr(1, text.size() - 2) : text;
  return !inner.empty() &&
         inner.find_first_not_of(letters) == std::string_view::npos;
}

}  // namespace

bool Dependency::is_at(const std::string& address) const {
  return std::any_of(peers.begin(), peers.end(), [&](const std::string& glob) {
    return is_path(glob) == is_path(address) &&
           glob_match(literal_brackets(glob), address);
  });
}

std::vector<std::string> dependency_peers(const std::string& to) {
  if (is_port(to)) {
    return {"*.*:" + to, "[*]:" + to};
  }
  if (is_path(to)) {
    return {to};
  }
  std::size_t colon = to.rfind(':');
  if (colon == std::string::npos) {
    return {};
  }
  std::string host = to.substr(0, colon);
  std::string port = to.substr(colon + 1);
  if (!is_port(port) && port != "*") {
    return {};
  }
  if (host == "localhost") {
    return {"127.0.0.1:" + port, "[::1]:" + port};
  }
  return is_host(host) ? std::vector{to} : std::vector<std::string>{};
}

}  // namespace faultrig
