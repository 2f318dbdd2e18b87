// What says where in a Go program a call comes from, and where it goes. What
// can never be met is refused where it is written: a fault that waits for it
// would only be told to have found no call.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/model/go_stack.h"
#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

bool has_any(std::string_view text, std::string_view letters) {
  return text.find_first_of(letters) != std::string_view::npos;
}

// Why no function of Go is ever called so; empty: one may be.
std::string no_function(std::string_view glob) {
  if (has_any(glob, " \t\n")) {
    return "the name of a Go function has no blank in it";
  }
  if (glob.ends_with("()")) {
    return "leave out the (): a name such as store.(*DB).Sync";
  }
  if (glob.find(".go:") != std::string_view::npos || glob.ends_with(".go")) {
    return "it is compared with functions, such as store.(*DB).Sync, not with "
           "files";
  }
  if (!has_any(glob, ".*?")) {
    return "a Go function has the name of its package before it: write *." +
           std::string(glob) + " or store." + std::string(glob);
  }
  return "";
}

// How the kernel's bytes of an address are written in evidence; empty: these
// are none of that family.
std::string as_told(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  bool there =
      inet_pton(family, host.c_str(), bytes.data()) == 1 &&
      inet_ntop(family, bytes.data(), text.data(), text.size()) != nullptr;
  std::string told = there ? text.data() : "";
  constexpr std::string_view kMapped = "::ffff:";
  return told.starts_with(kMapped) && told.find('.') != std::string::npos
             ? told.substr(kMapped.size())
             : told;
}

// An address and a port in another writing than theirs fits nothing.
std::string otherwise_written(std::string_view host, std::string_view port) {
  bool bracketed = host.front() == '[' && host.back() == ']';
  std::string bare(bracketed ? host.substr(1, host.size() - 2) : host);
  std::string told = as_told(bracketed ? AF_INET6 : AF_INET, bare);
  if (told.empty()) {
    return "this is no address of IPv4, nor of IPv6 in brackets";
  }
  bool is_six = told.find(':') != std::string::npos;
  told = is_six ? "[" + told + "]" : told;
  bool number = !port.empty() && port.size() <= 5 &&
                port.find_first_not_of("0123456789") == std::string_view::npos;
  std::string its = number ? std::to_string(std::stoi(std::string(port))) : "";
  if (its.empty() || its.size() > 5 || std::stoi(its) > 65535) {
    return "the port is a number up to 65535";
  }
  return told == host && its == port
             ? ""
             : "addresses are told as " + told + ":" + its;
}

// Why no socket ever has such an address; empty: one may have.
std::string no_address(std::string_view glob) {
  bool path = glob.front() == '/' || glob.front() == '@';
  if (path || has_any(glob, "*?/")) {
    return "";
  }
  std::size_t colon = glob.rfind(':');
  std::string_view host = glob.substr(0, colon);
  bool digits = host.find_first_not_of("0123456789abcdefABCDEF.:[]") ==
                    std::string_view::npos &&
                has_any(host, ".:");
  if (colon == std::string_view::npos || host.empty()) {
    return "an address is compared whole: 127.0.0.1:6379, *:6379, "
           "'[::1]:6379', /run/a.sock or @name";
  }
  return digits ? otherwise_written(host, glob.substr(colon + 1))
                : "it is compared with addresses, not with names of hosts: "
                  "write 127.0.0.1:6379 or *:6379";
}

}  // namespace

MaybeValue read_function(const Field& field, const YamlNode& node,
                         Complaints& complaints) {
  if (!node.is(NodeKind::scalar) || node.scalar.empty()) {
    return refuse(field, node, complaints);
  }
  std::string why = no_function(node.scalar);
  if (!why.empty()) {
    complaints.add(node.spot, std::move(why));
    return std::nullopt;
  }
  return node.scalar;
}

MaybeValue read_site(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (!node.is(NodeKind::scalar)) {
    return refuse(field, node, complaints);
  }
  const std::string& id = node.scalar;
  bool digits = std::all_of(id.begin(), id.end(), [](char letter) {
    return ('0' <= letter && letter <= '9') || ('a' <= letter && letter <= 'f');
  });
  if (!digits || id.size() < kLeastSite || id.size() > 16) {
    complaints.add(node.spot,
                   "expected the id of a call site, 6 to 16 of 0 to 9 and a to "
                   "f, as events and reports show it, not " +
                       shown(node));
    return std::nullopt;
  }
  return id;
}

MaybeValue read_peer(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (!node.is(NodeKind::scalar) || node.scalar.empty()) {
    return refuse(field, node, complaints);
  }
  std::string why = no_address(node.scalar);
  if (!why.empty()) {
    complaints.add(node.spot, std::move(why));
    return std::nullopt;
  }
  return node.scalar;
}

}  // namespace faultrig
