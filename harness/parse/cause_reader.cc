#include "harness/parse/cause_reader.h"

#include <string>
#include <utility>

#include "harness/parse/section_reader.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;
using Texts = std::vector<std::string>;

Sure sure_named(const std::string& name) {
  for (Sure sure : {Sure::certain, Sure::likely}) {
    if (name == sure_name(sure)) {
      return sure;
    }
  }
  return Sure::possible;
}

std::vector<Sight> read_sights(const YamlNode& node, Complaints& complaints) {
  std::vector<Sight> sights;
  if (!node.is(NodeKind::list)) {
    complaints.add(name_spot(node), "'seen' takes a list of maps");
    return sights;
  }
  for (const YamlNode& element : node.children) {
    Sight sight;
    sight.params = read_section(sight_section(), element, complaints);
    sight.sure = sure_named(sight.params.get_or<std::string>("sure", ""));
    sights.push_back(std::move(sight));
  }
  return sights;
}

void read_ends(const YamlNode& node, Cause& cause, Complaints& complaints) {
  Params params = read_section(ends_section(), node, complaints);
  for (const auto& [key, entry] : params.entries()) {
    cause.ends[key] = params.get<Texts>(key);
  }
}

Cause read_cause(const YamlNode& node, Complaints& complaints) {
  Params params =
      read_section(cause_section(), node, complaints, {"ends", "seen"});
  Cause cause;
  cause.id = params.get_or<std::string>("id", "");
  cause.title = params.get_or<std::string>("title", "");
  cause.link = params.get_or<std::string>("link", "");
  cause.general = params.get_or("general", false);
  cause.among = params.get_or<Texts>("among", {});
  cause.alike.also = params.get_or<Texts>("also", {});
  cause.alike.only = params.get_or<std::string>("only", "");
  cause.rank = params.get_or<std::int64_t>("rank", 50);
  cause.hidden = params.get_or<Texts>("hidden", {});
  cause.go = params.get_or<std::string>("go", "");
  cause.explain = params.get_or<std::string>("explain", "");
  cause.advice = params.get_or<std::string>("do", "");
  cause.settle = params.get_or<std::string>("settle", "");
  cause.source = params.get_or<std::string>("source", "");
  cause.scenario = params.get_or<std::string>("scenario", "");
  if (const YamlNode* ends = child(node, "ends")) {
    read_ends(*ends, cause, complaints);
  } else {
    complaints.add(node.spot, "the key 'ends' is missing");
  }
  if (const YamlNode* seen = child(node, "seen")) {
    cause.sights = read_sights(*seen, complaints);
  } else {
    complaints.add(node.spot, "the key 'seen' is missing");
  }
  return cause;
}

}  // namespace

ReadCauses read_causes(std::string_view text) {
  Complaints complaints;
  ReadCauses out;
  std::optional<YamlNode> root = read_yaml(text, complaints);
  const YamlNode* list = root ? child(*root, "causes") : nullptr;
  if (list == nullptr || !list->is(NodeKind::list)) {
    complaints.add({{1, 1}}, "expected a map with the key 'causes', a list");
  } else {
    for (const YamlNode& element : list->children) {
      out.causes.push_back(read_cause(element, complaints));
    }
  }
  out.complaints = complaints.take();
  if (!out.complaints.empty()) {
    out.causes.clear();
  }
  return out;
}

}  // namespace faultrig
