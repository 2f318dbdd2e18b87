#include "harness/parse/section_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/parse/value_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;
using Keys = std::vector<std::string_view>;

std::string joined(const Keys& keys) {
  return join(std::vector<std::string>(keys.begin(), keys.end()), ", ");
}

// Where a key that stands one level too high or too low belongs.
std::string place_of(std::string_view key, const Section& here,
                     const Keys& others) {
  using Is = bool (*)(std::string_view);
  struct Home {
    const Section& section;
    Is also;  // keys that others read there
    const char* place;
  };
  const std::array<Home, 4> homes{
      {{scenario_section(),
        [](std::string_view one) {
          return one == "faults" || one == "observe" || one == "expect" ||
                 one == "sweep" || one == "allow";
        },
        "beside 'workload'"},
       {workload_section(),
        [](std::string_view one) {
          return one == "go_test" || one == "service" || one == "load";
        },
        "below 'workload'"},
       {service_section(),
        [](std::string_view one) {
          return one == "ready" || one == "go_build";
        },
        "below 'service'"},
       {go_test_section(), [](std::string_view) { return false; },
        "below 'go_test'"}}};
  auto is_here = [&](const Home& home) {
    return home.section.name == here.name;
  };
  if (std::any_of(homes.begin(), homes.end(), is_here)) {
    for (const Home& home : homes) {
      if (!is_here(home) &&
          (find_field(home.section, key) != nullptr || home.also(key))) {
        return home.place;
      }
    }
    return "";
  }
  bool of_fault =
      std::find(others.begin(), others.end(), "when") != others.end();
  return of_fault && find_field(trigger_section(), key) != nullptr
             ? "below 'when'"
             : "";
}

class SectionReader {
 public:
  SectionReader(const Section& section, Complaints& complaints,
                const Keys& others)
      : section_(section), complaints_(complaints), others_(others) {}

  Params read(const YamlNode& node) {
    add_defaults();
    if (is_shorthand(node)) {
      read_field(*find_field(section_, section_.shorthand), node);
      written_.emplace_back(section_.shorthand, name_spot(node));
    } else if (node.is(NodeKind::map)) {
      read_keys(node);
    } else if (!node.is(NodeKind::null)) {
      refuse(node);
      return std::move(params_);
    }
    check_required(node);
    for (const Keys& group : section_.exactly_one_of) {
      check_group(group, node);
    }
    for (const Keys& group : section_.at_most_one_of) {
      check_rivals(group, "at most one of ");
    }
    return std::move(params_);
  }

 private:
  void add_defaults() {
    for (const Field& field : section_.fields) {
      if (!field.fallback.empty()) {
        params_.set(std::string(field.key), fallback_value(field));
      }
    }
  }

  // {at_least: 3} may stand for a bare count, where it is no key itself.
  bool is_shorthand(const YamlNode& node) const {
    if (section_.shorthand.empty()) {
      return false;
    }
    if (node.is(NodeKind::scalar) || node.is(NodeKind::list)) {
      return true;
    }
    const Field* field = find_field(section_, section_.shorthand);
    return field->kind == Kind::count && is_count_map(node) &&
           find_field(section_, node.children[0].key) == nullptr;
  }

  void refuse(const YamlNode& node) {
    if (node.is(NodeKind::bad)) {
      return;
    }
    std::string what = std::string(section_.name) + " takes a map";
    if (Keys keys = known_keys(); !keys.empty()) {
      auto meant = std::find(keys.begin(), keys.end(), node.scalar);
      std::string_view key = meant == keys.end() ? keys.front() : *meant;
      what += " such as {" + std::string(key) + ": ...}";
    }
    complaints_.add(node.spot, std::move(what));
  }

  Keys known_keys() const {
    Keys keys;
    for (const Field& field : section_.fields) {
      keys.push_back(field.key);
    }
    keys.insert(keys.end(), others_.begin(), others_.end());
    return keys;
  }

  void read_keys(const YamlNode& node) {
    std::map<std::string, std::string> each;
    for (const YamlNode& value : node.children) {
      if (const Field* field = find_field(section_, value.key)) {
        written_.emplace_back(field->key, value.key_spot);
        read_field(*field, value);
      } else if (std::find(others_.begin(), others_.end(), value.key) !=
                 others_.end()) {
        written_.emplace_back(value.key, value.key_spot);
      } else if (section_.any_key) {
        read_any(value, each);
      } else {
        refuse_key(value);
      }
    }
    if (section_.any_key) {
      check_any(node);
      params_.set("each", std::move(each), name_spot(node).place);
    }
  }

  void read_field(const Field& field, const YamlNode& node) {
    if (auto value = read_value(field, node, complaints_)) {
      params_.set(std::string(field.key), *std::move(value), node.spot.place);
    }
  }

  void read_any(const YamlNode& value,
                std::map<std::string, std::string>& each) {
    auto read = read_value(*section_.any_key, value, complaints_);
    auto* text = read ? std::get_if<std::string>(&*read) : nullptr;
    if (text != nullptr) {
      each[value.key] = *text;
    }
  }

  void check_any(const YamlNode& node) {
    if (node.children.empty()) {
      complaints_.add(name_spot(node),
                      std::string(section_.name) + " needs at least one key");
    }
  }

  void refuse_key(const YamlNode& value) {
    Keys keys = known_keys();
    std::vector<std::string> known(keys.begin(), keys.end());
    std::string near = suggestion(value.key, known);
    std::string place = place_of(value.key, section_, others_);
    if (!place.empty()) {
      near = ": it belongs " + place;
    } else if (near.empty() && !known.empty()) {
      near = " (" + std::string(section_.name) + " takes " + joined(keys) + ")";
    }
    complaints_.add(value.key_spot,
                    "unknown key " + quote_of(value.key) + near);
  }

  bool is_written(std::string_view key) const {
    return spot_of(key) != nullptr;
  }

  const Spot* spot_of(std::string_view key) const {
    auto found =
        std::find_if(written_.begin(), written_.end(),
                     [&](const auto& entry) { return entry.first == key; });
    return found == written_.end() ? nullptr : &found->second;
  }

  void check_required(const YamlNode& node) {
    for (const Field& field : section_.fields) {
      if (field.required && !is_written(field.key)) {
        complaints_.add(name_spot(node), std::string(section_.name) +
                                             " needs the key '" +
                                             std::string(field.key) + "'");
      }
    }
    bool any =
        std::any_of(section_.fields.begin(), section_.fields.end(),
                    [&](const Field& field) { return is_written(field.key); });
    if (section_.needs_any && !any) {
      complaints_.add(name_spot(node), std::string(section_.name) +
                                           " needs at least one of " +
                                           joined(known_keys()));
    }
    if (section_.any_key && node.is(NodeKind::null)) {
      check_any(node);
    }
  }

  void check_group(const Keys& group, const YamlNode& node) {
    if (std::none_of(group.begin(), group.end(),
                     [&](std::string_view key) { return is_written(key); })) {
      complaints_.add(name_spot(node), std::string(section_.name) +
                                           " needs exactly one of " +
                                           joined(group));
    }
    check_rivals(group, "exactly one of ");
  }

  void check_rivals(const Keys& group, const char* rule) {
    Keys there;
    std::copy_if(group.begin(), group.end(), std::back_inserter(there),
                 [&](std::string_view key) { return is_written(key); });
    for (std::size_t i = 1; i < there.size(); ++i) {
      complaints_.add(*spot_of(there[i]),
                      "'" + std::string(there[i]) + "' beside '" +
                          std::string(there[0]) +
                          "': " + std::string(section_.name) + " takes " +
                          rule + joined(group));
    }
  }

  const Section& section_;
  Complaints& complaints_;
  const Keys& others_;
  Params params_;
  std::vector<std::pair<std::string_view, Spot>> written_;
};

}  // namespace

Params read_section(const Section& section, const YamlNode& node,
                    Complaints& complaints,
                    const std::vector<std::string_view>& others) {
  return SectionReader(section, complaints, others).read(node);
}

Spot name_spot(const YamlNode& node) {
  return node.key_spot.place.line > 0 ? node.key_spot : node.spot;
}

}  // namespace faultrig
