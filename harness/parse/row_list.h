#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

template <typename Row>
struct ReadRows {
  std::vector<Row> rows;
  std::vector<Complaint> complaints;  // empty: all of it was read
};

// A file that is a map with `key`, a list of rows, each read by `read_one`;
// `what` says in a complaint that this was expected. Takes any bytes; never
// throws.
template <typename Row>
ReadRows<Row> read_rows(std::string_view text, std::string_view key,
                        const std::string& what,
                        Row (*read_one)(const YamlNode&, Complaints&)) {
  ReadRows<Row> out;
  Complaints complaints;
  auto root = read_yaml(text, complaints);
  const YamlNode* list = root ? child(*root, key) : nullptr;
  if (root && (list == nullptr || !list->is(YamlNode::Kind::list))) {
    complaints.add(root->spot, "expected " + what);
  } else if (root) {
    for (const YamlNode& node : list->children) {
      out.rows.push_back(read_one(node, complaints));
    }
  }
  out.complaints = complaints.take();
  return out;
}

}  // namespace faultrig
