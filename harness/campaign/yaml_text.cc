// In block style, what is plain in flow style is plain too (YAML 1.2, 7.3.3).
#include "harness/campaign/yaml_text.h"

#include <algorithm>

#include "harness/base/yaml_word.h"

namespace faultrig {

namespace {

using Kind = YamlNode::Kind;

std::string key_text(const std::string& key) {
  bool plain =
      !key.empty() && std::all_of(key.begin(), key.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') ||
               (letter >= 'A' && letter <= 'Z') || letter == '_';
      });
  return plain ? key : yaml_word(key);
}

std::string scalar_text(const YamlNode& node) {
  bool lines = node.scalar.find('\n') != std::string::npos;
  return node.plain() && !lines ? node.scalar : yaml_word(node.scalar);
}

bool is_nested(const YamlNode& node) {
  return (node.is(Kind::map) || node.is(Kind::list)) && !node.children.empty();
}

std::string inline_text(const YamlNode& node) {
  return node.is(Kind::map)      ? " {}"
         : node.is(Kind::list)   ? " []"
         : node.is(Kind::scalar) ? " " + scalar_text(node)
                                 : "";
}

// The first line of what stands in a list goes behind its dash.
void add(const YamlNode& node, std::size_t indent, bool behind_dash,
         std::string& out) {
  for (const YamlNode& child : node.children) {
    out.append(behind_dash ? 0 : indent, ' ');
    behind_dash = false;
    out += node.is(Kind::map) ? key_text(child.key) + ":" : "-";
    if (!is_nested(child)) {
      out += inline_text(child) + "\n";
    } else {
      bool dash = node.is(Kind::list);
      out += dash ? " " : "\n";
      add(child, indent + 2, dash, out);
    }
  }
}

}  // namespace

std::string yaml_text(const YamlNode& root) {
  std::string out;
  add(root, 0, false, out);
  return out;
}

}  // namespace faultrig
