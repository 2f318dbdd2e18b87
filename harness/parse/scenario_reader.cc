#include "harness/parse/scenario_reader.h"

#include <system_error>
#include <utility>

#include "harness/base/capabilities.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;

std::filesystem::path folder_of(const std::filesystem::path& file) {
  std::error_code failed;
  std::filesystem::path whole = std::filesystem::absolute(file, failed);
  return normal_path((failed ? file : whole).parent_path().string());
}

void check_root(const YamlNode& root, Complaints& complaints) {
  if (root.is(NodeKind::null)) {
    complaints.add({{1, 1}}, "the file is empty: a scenario needs a workload");
  } else if (!root.is(NodeKind::map)) {
    complaints.add(root.spot,
                   "a scenario is a map: about, workload, faults, "
                   "expect");
  }
}

// A run that asks nothing proves nothing. Scenarios that were kept with their
// evidence are judged as they are.
void check_purpose(const YamlNode& root, bool kept, Complaints& complaints) {
  if (child(root, "workload") == nullptr) {
    complaints.add({{1, 1}}, "the key 'workload' is missing");
  }
  bool asks = false;
  for (std::string_view key : {"faults", "expect", "sweep"}) {
    asks = asks || child(root, key) != nullptr;
  }
  if (!asks) {
    complaints.add({{1, 1}},
                   "nothing to check: 'faults' or 'expect' is "
                   "missing");
  }
  for (std::string_view key : {"faults", "expect"}) {
    const YamlNode* list = child(root, key);
    if (!kept && list != nullptr && list->is(NodeKind::list) &&
        list->children.empty()) {
      complaints.add(
          list->key_spot,
          "'" + std::string(key) + "' is empty: fill it, or leave it out");
    }
  }
}

void check_needs(const YamlNode& root, Complaints& complaints) {
  const YamlNode* needs = child(root, "needs");
  if (needs == nullptr || !needs->is(NodeKind::list)) {
    return;
  }
  std::vector<std::string> names = capability_names();
  for (const YamlNode& name : needs->children) {
    if (name.is(NodeKind::scalar) && !capability_number(name.scalar)) {
      complaints.add(name.spot, "unknown capability " + quote_of(name.scalar) +
                                    suggestion(name.scalar, names));
    }
  }
}

Scenario read_root(const YamlNode& root, const ScenarioSource& source,
                   const Language& language, Complaints& complaints) {
  Scenario scenario;
  scenario.name = source.name;
  scenario.file = source.file;
  Params params = read_section(
      scenario_section(), root, complaints,
      {"workload", "faults", "observe", "expect", "sweep", "allow"});
  check_purpose(root, !source.folders_exist, complaints);
  check_needs(root, complaints);
  scenario.about = params.get_or<std::string>("about", "");
  scenario.tags = params.get_or<std::vector<std::string>>("tags", {});
  scenario.needs = params.get_or<std::vector<std::string>>("needs", {});
  scenario.golden = params.get_or("golden", true);

  read_parts(
      root,
      source.folders_exist ? folder_of(source.file) : std::filesystem::path(),
      language, complaints, scenario);
  scenario.sweep =
      read_sweep(root, form_of(child(root, "workload")), complaints);
  return scenario;
}

}  // namespace

void read_parts(const YamlNode& root, const std::filesystem::path& folder,
                const Language& language, Complaints& complaints,
                Scenario& into) {
  const YamlNode* workload = child(root, "workload");
  if (workload != nullptr) {
    into.workload = read_workload(*workload, folder, complaints);
  }
  ReaderContext here{language, form_of(workload), complaints, folder};
  const YamlNode* faults = child(root, "faults");
  if (faults != nullptr) {
    into.faults = read_faults(*faults, here);
  }
  if (const YamlNode* observe = child(root, "observe")) {
    into.observe = read_observers(*observe, here);
  }
  if (const YamlNode* expect = child(root, "expect")) {
    into.expect = read_expectations(*expect, citable_names(faults), here);
  }
}

std::vector<const YamlNode*> one_key_elements(const YamlNode& node,
                                              std::string_view example,
                                              Complaints& complaints) {
  std::vector<const YamlNode*> values;
  std::string expected = "such as '" + std::string(example) + "'";
  if (!node.is(NodeKind::list) && !node.is(NodeKind::bad)) {
    complaints.add(name_spot(node),
                   node.key + " takes a list of elements " + expected);
  }
  if (!node.is(NodeKind::list)) {
    return values;
  }
  for (const YamlNode& element : node.children) {
    if (element.is(NodeKind::bad)) {
      continue;
    }
    if (!element.is(NodeKind::map) || element.children.empty()) {
      complaints.add(element.spot, "expected an element " + expected);
      continue;
    }
    values.push_back(&element.children[0]);
    if (element.children.size() > 1) {
      complaints.add(element.children[1].key_spot,
                     "a second key in one element: indent it below '" +
                         element.children[0].key +
                         "', or begin a new element with '- '");
    }
  }
  return values;
}

const Section* known_section(const std::vector<const Section*>& sections,
                             std::string_view what, const YamlNode& node,
                             Complaints& complaints) {
  if (const Section* section = find_section(sections, node.key)) {
    return section;
  }
  std::vector<std::string> names;
  names.reserve(sections.size());
  for (const Section* section : sections) {
    names.emplace_back(section->name);
  }
  std::string near = suggestion(node.key, names);
  if (near.empty() && !names.empty()) {
    near = " (there are " + join(names, ", ") + ")";
  }
  complaints.add(node.key_spot, "unknown " + std::string(what) + " " +
                                    quote_of(node.key) + near);
  return nullptr;
}

ReadScenario read_scenario(std::string_view text, const ScenarioSource& source,
                           const Language& language) {
  Complaints complaints;
  std::optional<YamlNode> root = read_yaml(text, complaints);
  if (root) {
    check_root(*root, complaints);
  }
  if (!root || !root->is(NodeKind::map)) {
    return {std::nullopt, complaints.take()};
  }
  Scenario scenario = read_root(*root, source, language, complaints);
  if (!complaints.empty()) {
    return {std::nullopt, complaints.take()};
  }
  return {std::move(scenario), {}};
}

}  // namespace faultrig
