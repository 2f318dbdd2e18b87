#pragma once

#include <string>

#include "harness/parse/yaml_tree.h"

namespace faultrig {

// A document in block style that reads as this tree does; comments are gone.
std::string yaml_text(const YamlNode& root);

}  // namespace faultrig
