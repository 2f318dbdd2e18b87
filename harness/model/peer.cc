// An address is compared as text, so that a glob says a network, a port or a
// folder of sockets alike. IPv6 stands in brackets there (RFC 3986), which a
// glob would take for a class of letters.
#include "harness/model/peer.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultrig {

std::string literal_brackets(std::string_view glob) {
  std::string out;
  for (char letter : glob) {
    out += letter == '[' || letter == '\\' ? "\\" : "";
    out += letter;
  }
  return out;
}

std::optional<bool> has_peer(
    const std::string& glob,
    const std::optional<std::vector<std::string>>& peers) {
  if (!peers) {
    return std::nullopt;
  }
  std::string literal = literal_brackets(glob);
  auto fits = [&](const std::string& peer) {
    return glob_match(literal, peer);
  };
  if (std::none_of(peers->begin(), peers->end(), fits)) {
    return false;
  }
  return std::all_of(peers->begin(), peers->end(), fits) ? std::optional(true)
                                                         : std::nullopt;
}

}  // namespace faultrig
