// connect(2) names an address, never a host: `localhost` is the only name whose
// addresses are the same everywhere (RFC 6761).
#include "harness/model/dependency.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/model/peer.h"

namespace faultrig {

namespace {

bool is_port(std::string_view text) {
  return whole_number<std::uint16_t>(text) && text.front() != '0';
}

bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos || text.starts_with('@');
}

std::vector<std::string> parts_of(std::string_view text, char by) {
  std::vector<std::string> parts(1);
  for (char letter : text) {
    if (letter == by) {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

// As the kernel's names come to us: from the root, with nothing in it that says
// the same as less. What stands behind `@` may be anything.
bool can_be_path(const std::string& text) {
  if (text.starts_with('@')) {
    return text.size() > 1;
  }
  std::string within = text + "/";
  bool rooted = text.find_first_of("/*?") == 0;
  return rooted && !text.ends_with('/') &&
         within.find("//") == std::string::npos &&
         within.find("/./") == std::string::npos &&
         within.find("/../") == std::string::npos;
}

bool has_glob(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

// Four numbers; where `*` matches, perhaps fewer.
bool can_be_four(std::string_view text) {
  std::vector<std::string> parts = parts_of(text, '.');
  auto fits = [](const std::string& part) {
    return has_glob(part) ||
           (!part.empty() && part.size() <= 3 && std::stoi(part) <= 255 &&
            (part == "0" || part.front() != '0'));
  };
  return text.find(':') == std::string_view::npos &&
         (has_glob(text) ? parts.size() <= 4 : parts.size() == 4) &&
         std::all_of(parts.begin(), parts.end(), fits);
}

// As RFC 5952 writes it, and the kernel's addresses come to us: the longest run
// of zeros left out, none before a digit, no IPv4 in it.
bool can_be_six(std::string_view text) {
  if (has_glob(text)) {
    return true;
  }
  std::size_t gap = text.find("::");
  std::vector<std::string> groups = parts_of(text, ':');
  auto fits = [](const std::string& group) {
    return group.size() <= 4 && group.find('.') == std::string::npos &&
           (group.size() < 2 || group.front() != '0');
  };
  bool short_of = gap != std::string_view::npos;
  bool twice = short_of && text.find("::", gap + 1) != std::string_view::npos;
  bool run = !short_of &&
             (":" + std::string(text) + ":").find(":0:0:") != std::string::npos;
  auto full = std::count_if(groups.begin(), groups.end(),
                            [](const auto& group) { return !group.empty(); });
  return !twice && !run && !text.starts_with("::ffff:") &&
         (short_of ? full <= 6 : full == 8 && groups.size() == 8) &&
         std::all_of(groups.begin(), groups.end(), fits);
}

// Of IPv4, of IPv6 in brackets, or with `*` and `?` in either.
bool is_host(std::string_view text) {
  bool six = text.size() > 2 && text.front() == '[' && text.back() == ']';
  std::string_view letters = six ? "0123456789abcdef:.*?" : "0123456789.*?";
  std::string_view inner = six ? text.substr(1, text.size() - 2) : text;
  return !inner.empty() &&
         inner.find_first_not_of(letters) == std::string_view::npos &&
         (six ? can_be_six(inner) : can_be_four(inner));
}

}  // namespace

bool is_among(const std::vector<std::string>& peers,
              const std::string& address) {
  return std::any_of(peers.begin(), peers.end(), [&](const std::string& glob) {
    return is_path(glob) == is_path(address) &&
           glob_match(literal_brackets(glob), address);
  });
}

DependencyDeed deed_of(const Params& params) {
  using Mode = DependencyMode;
  if (const auto* does = params.find<std::string>("does")) {
    return dependency_deed(*does, "").value_or(DependencyDeed());
  }
  if (const auto* late = params.find<std::chrono::nanoseconds>("slow")) {
    return {Mode::slow, late->count()};
  }
  if (const auto* most = params.find<std::int64_t>("connections")) {
    return {Mode::connections, *most};
  }
  for (const auto& [key, mode] :
       {std::pair("bandwidth", Mode::bandwidth), std::pair("cut", Mode::cut)}) {
    if (const auto* size = params.find<Bytes>(key)) {
      return {mode, static_cast<std::int64_t>(size->count)};
    }
  }
  auto parts = params.get<std::map<std::string, std::string>>("answer");
  return {Mode::answer, std::atoi(parts["status"].c_str())};
}

std::vector<std::string> dependency_peers(const std::string& to) {
  if (is_port(to)) {
    return {"*.*:" + to, "[*]:" + to};
  }
  if (is_path(to)) {
    return can_be_path(to) ? std::vector{to} : std::vector<std::string>{};
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
