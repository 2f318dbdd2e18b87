// A moment is kept as its author wrote it, and read again with each scenario
// that is made of it: so it has to be one line that means the same there.
#include "harness/parse/moment_reader.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/yaml_word.h"
#include "harness/parse/scenario_parts.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;

// A word that means the same wherever it stands in YAML.
bool is_bare(const YamlNode& node) {
  return node.plain() && !node.scalar.empty() &&
         std::all_of(node.scalar.begin(), node.scalar.end(),
                     [](unsigned char letter) {
                       return std::isalnum(letter) != 0 || letter == '_' ||
                              letter == '.' || letter == '+';
                     });
}

std::string one_line_yaml(const YamlNode& node) {
  if (node.is(NodeKind::scalar)) {
    return is_bare(node) ? node.scalar : yaml_word(node.scalar);
  }
  bool map = node.is(NodeKind::map);
  std::vector<std::string> parts;
  for (const YamlNode& one : node.children) {
    parts.push_back((map ? one.key + ": " : "") + one_line_yaml(one));
  }
  return map ? "{" + join(parts, ", ") + "}" : "[" + join(parts, ", ") + "]";
}

}  // namespace

std::string read_moment(const YamlNode& node, Complaints& complaints) {
  read_trigger(node, complaints);
  return one_line_yaml(node);
}

Result<std::string> read_moment(std::string_view yaml) {
  Complaints complaints;
  std::string moment;
  if (std::optional<YamlNode> node = read_yaml(yaml, complaints)) {
    moment = read_moment(*node, complaints);
  }
  std::vector<Complaint> wrong = complaints.take();
  return wrong.empty() ? Result<std::string>(moment)
                       : usage_error(wrong.front().what);
}

}  // namespace faultrig
