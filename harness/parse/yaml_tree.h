#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/parse/complaint.h"

namespace faultrig {

// One value of a YAML document, with its place: plain data of our own.
struct YamlNode {
  enum class Kind {
    null,  // nothing written; `spot` is its key's, or its list's dash
    scalar,
    list,
    map,  // the children have keys, each another one
    bad,  // complained about already
  };
  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false;  // in quotes, or a block of text
  Spot spot;
  std::string key;  // in a map
  Spot key_spot;
  std::vector<YamlNode> children;

  bool is(Kind other) const { return kind == other; }
  // Not quoted: YAML may take it for something else than text.
  bool plain() const { return kind == Kind::scalar && !quoted; }
};

// The child of this key, or nothing.
const YamlNode* child(const YamlNode& map, std::string_view key);

// How the author would have written it on one line, control characters
// escaped, cut after some 500 characters.
std::string flow_text(const YamlNode& node);

// The one document of a file. Nothing if it is no YAML, or is more or other
// than a scenario may be written in (anchors, tags, two documents, ...); then,
// and sometimes beside a tree, there are complaints. A file without content is
// a null node. Never throws.
std::optional<YamlNode> read_yaml(std::string_view text,
                                  Complaints& complaints);

}  // namespace faultrig
