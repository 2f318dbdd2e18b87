// `sweep` of a scenario: what is tried in many runs, and which findings of it
// are known.
#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/dependency.h"
#include "harness/model/scenario_sweep.h"
#include "harness/parse/baseline_reader.h"
#include "harness/parse/moment_reader.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;
using Over = ScenarioSweep::Over;

constexpr std::array<Over, 4> kOvers{Over::calls, Over::stop, Over::limits,
                                     Over::dependencies};

// The elements of a list, each with its place; of a single one, or of a list
// without any, that.
std::vector<const YamlNode*> words_of(const YamlNode* node) {
  if (node == nullptr) {
    return {};
  }
  if (!node->is(NodeKind::list) || node->children.empty()) {
    return {node};
  }
  std::vector<const YamlNode*> words;
  for (const YamlNode& one : node->children) {
    words.push_back(&one);
  }
  return words;
}

void check_calls(const YamlNode& node, WorkloadForm form,
                 Complaints& complaints) {
  for (const YamlNode* word : words_of(child(node, "errors"))) {
    if (word->is(NodeKind::scalar) && !errno_number(word->scalar)) {
      complaints.add(word->spot, "unknown errno " + quote_of(word->scalar) +
                                     suggestion(word->scalar, errno_names()));
    }
  }
  for (const YamlNode* word : words_of(child(node, "each"))) {
    auto each = each_named(word->scalar);
    if (word->is(NodeKind::scalar) && !each) {
      complaints.add(word->spot,
                     "expected once, per_test or from_then_on, not " +
                         quote_of(word->scalar));
    }
    if (each == Each::per_test && form != WorkloadForm::go_test) {
      complaints.add(word->spot, "only go_test has test functions");
    }
  }
}

// True says all; false says nothing.
void check_until(const YamlNode& node, const Params& until,
                 Complaints& complaints) {
  for (const char* key : {"ready", "listening"}) {
    if (!until.get_or(key, true)) {
      complaints.add(child(node, key)->spot,
                     std::string("expected ") + key + ": true");
    }
  }
}

void read_moments(const YamlNode& stop, ScenarioSweep& into,
                  Complaints& complaints) {
  const YamlNode* over = child(stop, "over");
  if (over == nullptr) {
    return;
  }
  into.instants =
      read_section(stop_over_section(), *over, complaints, {"until"});
  const YamlNode* until = child(*over, "until");
  if (until == nullptr) {
    return;
  }
  if (into.instants.has("time")) {
    complaints.add(until->key_spot, "'until' stands only beside 'calls'");
  }
  into.until = read_section(stop_until_section(), *until, complaints);
  check_until(*until, into.until, complaints);
}

// A word, or a map of one key: `hang`, `slow: 300ms`.
void read_deed(const YamlNode& node, PeersAsked& into, Complaints& complaints) {
  bool map = node.is(NodeKind::map) && node.children.size() == 1 &&
             node.children[0].is(NodeKind::scalar);
  auto deed =
      map ? dependency_deed(node.children[0].key, node.children[0].scalar)
      : node.is(NodeKind::scalar) ? dependency_deed(node.scalar, "")
                                  : std::nullopt;
  if (deed) {
    into.does.push_back(*deed);
  } else if (!node.is(NodeKind::bad)) {
    complaints.add(node.spot, "expected " + std::string(kDependencyDeeds) +
                                  ", not " + quote_of(flow_text(node)));
  }
}

void check_peers(const YamlNode& node, PeersAsked& into,
                 Complaints& complaints) {
  for (const YamlNode* word : words_of(child(node, "to"))) {
    if (word->is(NodeKind::scalar) && dependency_peers(word->scalar).empty()) {
      complaints.add(word->spot,
                     "expected HOST:PORT, PORT or the path of a socket, not " +
                         quote_of(word->scalar));
    }
  }
  for (const YamlNode* word : words_of(child(node, "each"))) {
    auto each = each_named(word->scalar);
    if (word->is(NodeKind::scalar) && (!each || each == Each::per_test)) {
      complaints.add(word->spot, "expected once or from_then_on, not " +
                                     quote_of(word->scalar));
    }
  }
  if (const YamlNode* does = child(node, "does")) {
    into.does.clear();
    for (const YamlNode* one : words_of(does)) {
      read_deed(*one, into, complaints);
    }
  }
  if (const YamlNode* when = child(node, "when")) {
    into.when.clear();
    for (const YamlNode* one : words_of(when)) {
      into.when.push_back(read_moment(*one, complaints));
    }
  }
}

const Section& section_of(Over over) {
  return over == Over::calls    ? sweep_calls_section()
         : over == Over::stop   ? sweep_stop_section()
         : over == Over::limits ? sweep_limits_section()
                                : sweep_dependencies_section();
}

// Keys beside those of the section, which are read apart.
std::vector<std::string_view> others_of(Over over) {
  return over == Over::stop ? std::vector<std::string_view>{"over"}
         : over == Over::dependencies
             ? std::vector<std::string_view>{"does", "when"}
             : std::vector<std::string_view>{};
}

void read_over(const YamlNode& node, WorkloadForm form, ScenarioSweep& into,
               Complaints& complaints) {
  bool stop = into.over == Over::stop;
  into.params = read_section(section_of(into.over), node, complaints,
                             others_of(into.over));
  if (into.over == Over::calls) {
    check_calls(node, form, complaints);
  }
  if (into.over == Over::dependencies) {
    into.peers.to = into.params.get_or<std::vector<std::string>>("to", {});
    check_peers(node, into.peers, complaints);
  }
  if (stop) {
    read_moments(node, into, complaints);
  }
  if (stop && form != WorkloadForm::service && form != WorkloadForm::unknown) {
    complaints.add(node.key_spot, "only a service is told to stop");
  }
}

void read_known(const YamlNode& allow, ScenarioSweep& into,
                Complaints& complaints) {
  if (into.over != Over::calls && into.over != Over::dependencies) {
    complaints.add(allow.key_spot,
                   "'allow' is for a sweep over calls, whose sites it names, "
                   "or over dependencies");
  }
  if (!allow.is(NodeKind::list)) {
    complaints.add(name_spot(allow),
                   "allow takes a list of {site, outcome, because}");
    return;
  }
  for (const YamlNode& row : allow.children) {
    into.allowed.push_back(read_allowed(row, complaints));
  }
}

}  // namespace

std::shared_ptr<const ScenarioSweep> read_sweep(const YamlNode& scenario,
                                                WorkloadForm form,
                                                Complaints& complaints) {
  const YamlNode* node = child(scenario, "sweep");
  const YamlNode* allow = child(scenario, "allow");
  if (node == nullptr) {
    if (allow != nullptr) {
      complaints.add(allow->key_spot, "'allow' stands only beside 'sweep'");
    }
    return nullptr;
  }
  ScenarioSweep sweep;
  sweep.place = node->key_spot.place;
  read_section(sweep_section(), *node, complaints,
               sweep_section().exactly_one_of.front());
  const auto* over = std::find_if(kOvers.begin(), kOvers.end(), [&](Over one) {
    return child(*node, over_name(one)) != nullptr;
  });
  if (over == kOvers.end()) {
    return nullptr;
  }
  sweep.over = *over;
  read_over(*child(*node, over_name(*over)), form, sweep, complaints);
  if (allow != nullptr) {
    read_known(*allow, sweep, complaints);
  }
  return std::make_shared<const ScenarioSweep>(std::move(sweep));
}

}  // namespace faultrig
