// What says where in a Go program a call comes from. What can never be met is
// refused where it is written: a fault that waits for it would only be told to
// have found no call.
#include <algorithm>
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

}  // namespace faultrig
