#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// Changes to the tree of a scenario that was read before.

// The map at its root. An internal error where it is none.
Result<YamlNode> tree_of(const std::string& yaml);

// What stands in a map at a key; null: nothing does. Valid until something is
// added to the map or dropped from it.
YamlNode* below(YamlNode& map, std::string_view key);
// The same, but made, last in the map, where there is nothing.
YamlNode& made_below(YamlNode& map, std::string_view key);
// From now on the text stands at the key; a node that was no map is one then.
void set_text(YamlNode& map, std::string_view key, const std::string& text);
// Keys that are not there are no matter.
void drop(YamlNode& map, std::initializer_list<std::string_view> keys);

}  // namespace faultrig
