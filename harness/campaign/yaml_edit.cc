#include "harness/campaign/yaml_edit.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace faultrig {

YamlNode* below(YamlNode& map, std::string_view key) {
  auto found =
      std::find_if(map.children.begin(), map.children.end(),
                   [&](const YamlNode& child) { return child.key == key; });
  return found == map.children.end() ? nullptr : &*found;
}

YamlNode& made_below(YamlNode& map, std::string_view key) {
  if (YamlNode* known = below(map, key)) {
    return *known;
  }
  YamlNode& made = map.children.emplace_back();
  made.key = key;
  return made;
}

void set_text(YamlNode& map, std::string_view key, const std::string& text) {
  map.kind = YamlNode::Kind::map;
  YamlNode& node = made_below(map, key);
  node.kind = YamlNode::Kind::scalar;
  node.quoted = true;
  node.scalar = text;
}

void drop(YamlNode& map, std::initializer_list<std::string_view> keys) {
  std::erase_if(map.children, [&](const YamlNode& child) {
    return std::find(keys.begin(), keys.end(), child.key) != keys.end();
  });
}

Result<YamlNode> tree_of(const std::string& yaml) {
  Complaints complaints;
  std::optional<YamlNode> tree = read_yaml(yaml, complaints);
  return tree && tree->is(YamlNode::Kind::map)
             ? Result<YamlNode>(std::move(*tree))
             : internal_error("a scenario that was read is no YAML");
}

}  // namespace faultrig
