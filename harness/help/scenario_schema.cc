#include "harness/help/scenario_schema.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/help/section_text.h"
#include "harness/help/value_schema.h"
#include "harness/model/call_origin.h"
#include "harness/model/observe.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

// Keys beside `$ref` are ignored in draft-07, so a description needs a level
// of its own there.
Json described(Json schema, std::string_view description) {
  if (schema.contains("$ref")) {
    schema = Json{{"allOf", Json::array({std::move(schema)})}};
  }
  schema["description"] = description;
  return schema;
}

std::string description_of(const Section& section, std::string_view key) {
  for (const KeyRow& row : rows_of(section)) {
    if (row.key == key) {
      return row.text;
    }
  }
  return "";
}

Json properties_of(const Section& section) {
  Json properties = Json::object();
  for (const Field& field : section.fields) {
    std::string key(field.key);
    properties[key] =
        described(value_schema(field), description_of(section, field.key));
  }
  return properties;
}

Json requires_any(const Json& keys) {
  Json out = Json::array();
  for (const Json& key : keys) {
    out.push_back({{"required", Json::array({key})}});
  }
  return out;
}

// Beside each of them none of the others.
void add_rivals(const std::vector<std::string_view>& group, Json& map) {
  for (std::string_view key : group) {
    Json rivals = Json::array();
    for (std::string_view other : group) {
      if (other != key) {
        rivals.push_back(other);
      }
    }
    map["dependencies"][std::string(key)] = {
        {"not", {{"anyOf", requires_any(rivals)}}}};
  }
}

void add_rules(const Section& section, Json& map) {
  for (const Field& field : section.fields) {
    if (field.required) {
      map["required"].push_back(field.key);
    }
  }
  for (const auto& group : section.exactly_one_of) {
    Json choices = Json::array();
    for (std::string_view key : group) {
      choices.push_back({{"required", Json::array({key})}});
    }
    map["allOf"].push_back({{"oneOf", std::move(choices)}});
  }
  for (const auto& group : section.at_most_one_of) {
    add_rivals(group, map);
  }
  if (section.needs_any || section.any_key) {
    map["minProperties"] = 1;
  }
}

Json map_of(const Section& section) {
  Json map = closed_map(properties_of(section));
  if (section.any_key) {
    map["additionalProperties"] =
        described(value_schema(*section.any_key), section.any_key->summary);
  }
  add_rules(section, map);
  return map;
}

// Can the map be left empty, so that `oom:` alone says all?
bool may_be_empty(const Json& map) {
  return !map.contains("required") && !map.contains("allOf") &&
         !map.contains("minProperties");
}

// The map, or what may stand for it.
Json whole_section(const Section& section, Json map) {
  if (may_be_empty(map)) {
    map["type"] = {"object", "null"};
  }
  if (section.shorthand.empty()) {
    return described(std::move(map), section.summary);
  }
  const Field* field = find_field(section, section.shorthand);
  return described({{"anyOf", {value_schema(*field), std::move(map)}}},
                   section.summary);
}

Json injector_of(const Section& section) {
  Json map = map_of(section);
  map["properties"].update(properties_of(fault_common_section()));
  map["properties"]["when"] = described(
      reference_to("when"), description_of(fault_common_section(), "when"));
  map["properties"]["until"] = described(
      reference_to("until"), description_of(fault_common_section(), "until"));
  return whole_section(section, std::move(map));
}

// A list of maps with one key each.
Json list_of_sections(const std::vector<const Section*>& sections,
                      Json (*form)(const Section&)) {
  Json properties = Json::object();
  for (const Section* section : sections) {
    properties[std::string(section->name)] = form(*section);
  }
  Json element = closed_map(std::move(properties));
  element["minProperties"] = 1;
  element["maxProperties"] = 1;
  return list_of(std::move(element));
}

Json expectation_of(const Section& section) {
  return whole_section(section, map_of(section));
}

// Only beside `call`: the keys that select calls.
Json parts_form(const Section& section) {
  Json map = map_of(section);
  for (std::string_view key : kBesideCall) {
    map["dependencies"][std::string(key)] = Json::array({"call"});
  }
  return map;
}

Json trigger_form() {
  return {{"oneOf", {{{"const", "start"}}, parts_form(trigger_section())}}};
}

// Maps that stand below this one, each by its name.
Json with_maps(Json map, const Section& above,
               std::initializer_list<const Section*> sections) {
  for (const Section* one : sections) {
    map["properties"][one->name] = described(whole_section(*one, map_of(*one)),
                                             description_of(above, one->name));
  }
  return map;
}

Json need_form() {
  Json map = map_of(need_section());
  map["properties"]["command"]["minItems"] = 1;
  return with_maps(std::move(map), need_section(),
                   {&ready_section(), &go_build_section()});
}

Json service_form() {
  Json map = map_of(service_section());
  map["properties"]["command"]["minItems"] = 1;
  map["properties"]["needs"] = described(
      list_of(need_form()), description_of(service_section(), "needs"));
  return with_maps(std::move(map), service_section(),
                   {&ready_section(), &go_build_section()});
}

Json load_form() {
  return with_maps(map_of(load_section()), load_section(),
                   {&http_section(), &grpc_section()});
}

Json workload_form() {
  Json map = with_maps(map_of(workload_section()), workload_section(),
                       {&go_test_section()});
  map["properties"]["service"] =
      described(service_form(), description_of(workload_section(), "service"));
  map["properties"]["load"] = described(
      list_of(load_form()), description_of(workload_section(), "load"));
  map["properties"]["command"]["minItems"] = 1;
  map["properties"]["recover"]["minItems"] = 1;
  map["dependencies"]["cwd"] = Json::array({"command"});
  map["dependencies"]["load"] = Json::array({"service"});
  return map;
}

// Its sections have longer names than their keys.
Json below(const Section& section, const Section& above, const char* key) {
  return described(whole_section(section, map_of(section)),
                   description_of(above, key));
}

Json dependencies_form() {
  const Section& section = sweep_dependencies_section();
  Json words{{"enum", Json::array({"refuse", "hang", "reset"})}};
  Json reply = value_schema({.kind = Kind::reply});
  Json numbers = closed_map(
      {{"slow", value_schema({.kind = Kind::duration})},
       {"bandwidth", value_schema({.kind = Kind::size})},
       {"cut", value_schema({.kind = Kind::size})},
       {"connections", value_schema({.kind = Kind::integer, .least = 0})},
       {"answer", reply["properties"]["status"]}});
  numbers["minProperties"] = 1;
  numbers["maxProperties"] = 1;
  Json deed{{"oneOf", Json::array({std::move(words), std::move(numbers)})}};
  Json map = map_of(section);
  map["properties"]["does"] =
      described(one_or_list(deed), description_of(section, "does"));
  map["properties"]["when"] = described(one_or_list(reference_to("when")),
                                        description_of(section, "when"));
  return map;
}

Json sweep_form() {
  Json over = map_of(stop_over_section());
  over["properties"]["until"] =
      below(stop_until_section(), stop_over_section(), "until");
  Json stop = map_of(sweep_stop_section());
  stop["properties"]["over"] =
      described(std::move(over), description_of(sweep_stop_section(), "over"));
  Json map = map_of(sweep_section());
  Json& properties = map["properties"];
  auto add = [&](ScenarioSweep::Over kind, const Section& section, Json form) {
    std::string key(over_name(kind));
    properties[key] = described(whole_section(section, std::move(form)),
                                description_of(sweep_section(), key));
  };
  using Over = ScenarioSweep::Over;
  add(Over::calls, sweep_calls_section(), map_of(sweep_calls_section()));
  add(Over::stop, sweep_stop_section(), std::move(stop));
  add(Over::limits, sweep_limits_section(), map_of(sweep_limits_section()));
  add(Over::dependencies, sweep_dependencies_section(), dependencies_form());
  return map;
}

Json observe_form() {
  Json element = closed_map(
      {{"goroutines", whole_section(observe_goroutines_section(),
                                    map_of(observe_goroutines_section()))},
       {"profile", whole_section(observe_profile_section(),
                                 map_of(observe_profile_section()))},
       {"timeline", whole_section(observe_timeline_section(),
                                  map_of(observe_timeline_section()))},
       {"spans", whole_section(observe_spans_section(),
                               map_of(observe_spans_section()))}});
  element["minProperties"] = 1;
  return list_of(std::move(element));
}

Json definitions() {
  Json all = value_definitions();
  all["when"] = trigger_form();
  all["until"] = parts_form(until_section());
  return all;
}

}  // namespace

std::string scenario_schema(const Language& language) {
  const Section& scenario = scenario_section();
  Json map = map_of(scenario);
  Json& properties = map["properties"];
  properties["workload"] =
      described(workload_form(), description_of(scenario, "workload"));
  properties["faults"] =
      described(list_of_sections(language.injectors, injector_of),
                description_of(scenario, "faults"));
  properties["observe"] =
      described(observe_form(), description_of(scenario, "observe"));
  properties["expect"] =
      described(list_of_sections(language.expectations, expectation_of),
                description_of(scenario, "expect"));
  properties["sweep"] =
      described(sweep_form(), description_of(scenario, "sweep"));
  properties["allow"] = described(list_of(map_of(allow_section())),
                                  description_of(scenario, "allow"));
  map["dependencies"]["allow"] = Json::array({"sweep"});
  map["required"] = Json::array({"workload"});
  for (const char* key : {"faults", "expect", "sweep"}) {
    map["anyOf"].push_back({{"required", Json::array({key})}});
  }

  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "a faultrig scenario"}};
  schema.update(map);
  schema["definitions"] = definitions();
  return schema.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultrig
