#include <algorithm>
#include <utility>

#include "harness/base/names.h"
#include "harness/model/call_origin.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/value_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;

const std::vector<std::string_view> kCommonKeys{"at", "name", "optional",
                                                "when", "until"};

void refuse_trigger(const YamlNode& node, std::string what,
                    const Section& section, Complaints& complaints) {
  if (node.is(NodeKind::bad)) {
    return;
  }
  if (node.is(NodeKind::scalar)) {
    bool form = find_field(section, node.scalar) != nullptr;
    what = form ? "expected a map such as {" + node.scalar + ": ...}"
                : what + ", not " + quote_of(node.scalar);
  }
  complaints.add(node.spot, std::move(what));
}

// These say something of a call, and nothing of the others.
void check_call_keys(const YamlNode& node, Complaints& complaints) {
  for (std::string_view key : kBesideCall) {
    const YamlNode* value = child(node, key);
    if (value != nullptr && child(node, "call") == nullptr) {
      complaints.add(value->key_spot,
                     "'" + std::string(key) + "' stands only beside 'call'");
    }
  }
}

template <typename T>
std::optional<T> common_value(const YamlNode& node, std::string_view key,
                              Complaints& complaints) {
  const YamlNode* value = child(node, key);
  if (value == nullptr) {
    return std::nullopt;
  }
  const Field* field = find_field(fault_common_section(), key);
  auto read = read_value(*field, *value, complaints);
  return read ? std::optional(std::get<T>(*read)) : std::nullopt;
}

// The link that suffers when `at` is absent.
Link usual_link(WorkloadForm form) {
  return form == WorkloadForm::command   ? Link::command
         : form == WorkloadForm::service ? Link::service
                                         : Link::test;
}

void read_at(const YamlNode& node, const ReaderContext& here, Fault& fault) {
  fault.at = usual_link(here.form);
  const YamlNode* at = child(node, "at");
  auto value = at == nullptr
                   ? std::nullopt
                   : read_value(*find_field(fault_common_section(), "at"), *at,
                                here.complaints);
  if (!value) {
    return;
  }
  using Child = std::map<std::string, std::string>;
  if (const auto* below = std::get_if<Child>(&*value)) {
    fault.child = below->at("child");
    return;
  }
  fault.at = link_named(std::get<std::string>(*value)).value_or(Link::test);
  std::string why = why_no_link(here.form, fault.at);
  if (!why.empty()) {
    here.complaints.add(at->spot, std::move(why));
  }
}

Fault read_fault(const YamlNode& node, const Section& injector,
                 const ReaderContext& here) {
  Fault fault;
  fault.injector = node.key;
  fault.place = node.key_spot.place;
  fault.params = read_section(injector, node, here.complaints, kCommonKeys);
  read_at(node, here, fault);
  fault.name = common_value<std::string>(node, "name", here.complaints)
                   .value_or(node.key);
  fault.optional =
      common_value<bool>(node, "optional", here.complaints).value_or(false);
  if (const YamlNode* when = child(node, "when")) {
    fault.when = read_trigger(*when, here.complaints);
  }
  if (const YamlNode* until = child(node, "until")) {
    fault.until = read_until(*until, here.complaints);
  }
  return fault;
}

// A name cites one fault; an injector's name cites all faults of it.
void check_names(const std::vector<const YamlNode*>& faults,
                 const ReaderContext& here) {
  std::vector<std::string> taken;
  for (const YamlNode* fault : faults) {
    const YamlNode* name = child(*fault, "name");
    if (name == nullptr || !name->is(NodeKind::scalar)) {
      continue;
    }
    bool again =
        std::find(taken.begin(), taken.end(), name->scalar) != taken.end();
    // An injector that came later than the scenario leaves its names alone.
    bool injector =
        name->scalar != fault->key &&
        std::any_of(faults.begin(), faults.end(), [&](const YamlNode* other) {
          return other->key == name->scalar;
        });
    if (name->scalar.empty()) {
      here.complaints.add(name->spot, "a name cannot be empty");
    } else if (again) {
      here.complaints.add(
          name->spot, "another fault has the name " + quote_of(name->scalar));
    } else if (injector) {
      here.complaints.add(
          name->spot, quote_of(name->scalar) + " is the name of an injector");
    }
    taken.push_back(name->scalar);
  }
}

void add_names(const YamlNode& fault, std::vector<std::string>& names) {
  const YamlNode* name = child(fault, "name");
  if (name != nullptr && name->is(NodeKind::scalar)) {
    names.push_back(name->scalar);
  }
  names.push_back(fault.key);
}

// `ready: false` names no moment.
void check_ready(const YamlNode& node, const Trigger& trigger,
                 Complaints& complaints) {
  if (!trigger.params.get_or("ready", true)) {
    complaints.add(child(node, "ready")->spot, "expected ready: true");
  }
}

Trigger read_parts(const YamlNode& node, const Section& section,
                   const std::string& expected, Complaints& complaints) {
  if (!node.is(NodeKind::map)) {
    refuse_trigger(node, expected, section, complaints);
    return {};
  }
  Trigger trigger = Trigger::of(read_section(section, node, complaints));
  check_call_keys(node, complaints);
  check_ready(node, trigger, complaints);
  return trigger;
}

}  // namespace

std::string why_no_link(WorkloadForm form, Link link) {
  std::string name(link_name(link));
  bool of_go = link == Link::test || link == Link::go;
  if (form == WorkloadForm::command && link != Link::command) {
    return "a command has no link '" + name + "': only 'command'";
  }
  if (form == WorkloadForm::service && link != Link::service) {
    return "a service has no link '" + name + "': only 'service'";
  }
  if (form == WorkloadForm::go_test && !of_go) {
    return "go_test has no link '" + name + "': 'test' or 'go'";
  }
  return "";
}

Trigger read_trigger(const YamlNode& node, Complaints& complaints) {
  bool start = node.is(NodeKind::scalar) && node.scalar == "start";
  return start ? Trigger()
               : read_parts(node, trigger_section(),
                            "expected start, or a map such as {after: 200ms}",
                            complaints);
}

Trigger read_until(const YamlNode& node, Complaints& complaints) {
  return read_parts(node, until_section(),
                    "expected a map such as {effects: 3}", complaints);
}

std::vector<Fault> read_faults(const YamlNode& node,
                               const ReaderContext& here) {
  std::vector<Fault> faults;
  auto elements =
      one_key_elements(node, "- memory: {max: 64MiB}", here.complaints);
  for (const YamlNode* element : elements) {
    if (const Section* injector = known_section(
            here.language.injectors, "injector", *element, here.complaints)) {
      faults.push_back(read_fault(*element, *injector, here));
    }
  }
  check_names(elements, here);
  return faults;
}

std::vector<std::string> citable_names(const YamlNode* faults) {
  std::vector<std::string> names;
  if (faults == nullptr) {
    return names;
  }
  for (const YamlNode& element : faults->children) {
    for (const YamlNode& fault : element.children) {
      add_names(fault, names);
    }
  }
  return names;
}

}  // namespace faultrig
