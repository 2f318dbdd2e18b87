// `sweep` of a scenario: what is tried in many runs, and which findings of it
// are known.
#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/names.h"
#include "harness/model/scenario_sweep.h"
#include "harness/parse/baseline_reader.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;
using Over = ScenarioSweep::Over;

constexpr std::array<Over, 3> kOvers{Over::calls, Over::stop, Over::limits};

// The words of a list, each with its place; of a single one that.
std::vector<const YamlNode*> words_of(const YamlNode* node) {
  std::vector<const YamlNode*> words;
  if (node != nullptr && node->is(NodeKind::scalar)) {
    words.push_back(node);
  }
  for (std::size_t i = 0; node != nullptr && i < node->children.size(); ++i) {
    words.push_back(&node->children[i]);
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

const Section& section_of(Over over) {
  return over == Over::calls  ? sweep_calls_section()
         : over == Over::stop ? sweep_stop_section()
                              : sweep_limits_section();
}

void read_over(const YamlNode& node, WorkloadForm form, ScenarioSweep& into,
               Complaints& complaints) {
  bool stop = into.over == Over::stop;
  into.params = read_section(section_of(into.over), node, complaints,
                             stop ? std::vector<std::string_view>{"over"}
                                  : std::vector<std::string_view>{});
  if (into.over == Over::calls) {
    check_calls(node, form, complaints);
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
  if (into.over != Over::calls) {
    complaints.add(allow.key_spot,
                   "'allow' is for a sweep over calls: it names their sites");
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
