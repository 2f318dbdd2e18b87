#include "harness/help/scenario_schema.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/help/section_text.h"
#include "harness/model/call_origin.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json reference_to(const std::string& definition) {
  return {{"$ref", "#/definitions/" + definition}};
}

Json pattern(std::string_view expression) {
  return {{"type", "string"}, {"pattern", expression}};
}

// Any scalar is a text for the reader: `about: 3`.
Json any_text() { return {{"type", {"string", "number", "boolean"}}}; }

Json list_of(Json element) {
  return {{"type", "array"}, {"items", std::move(element)}};
}

Json one_or_list(Json element) {
  Json list = list_of(element);
  list["minItems"] = 1;
  return {{"anyOf", {std::move(element), std::move(list)}}};
}

Json closed_map(Json properties) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)}};
}

Json whole_number(std::int64_t least) {
  return {{"type", "integer"}, {"minimum", least}};
}

Json count_form() {
  Json forms = Json::object();
  for (const char* key : {"at_least", "at_most", "not"}) {
    forms[key] = whole_number(0);
  }
  Json map = closed_map(std::move(forms));
  map["minProperties"] = 1;
  map["maxProperties"] = 1;
  return {{"oneOf", {whole_number(0), {{"const", "none"}}, std::move(map)}}};
}

Json integer_form(const Field& field) {
  return field.least ? whole_number(*field.least) : Json{{"type", "integer"}};
}

Json choice_form(const Field& field) { return {{"enum", field.choices}}; }

Json origin_form(const Field& field) {
  bool site = field.kind == Kind::site;
  Json form = any_text();
  form["pattern"] = site ? "^[0-9a-f]{6,16}$" : "^\\S*[.*?]\\S*$";
  form = field.kind == Kind::choice ? choice_form(field) : std::move(form);
  form["description"] = field.summary;
  return form;
}

Json sequence_form() {
  Json fd{{"enum", {"file", "socket", "pipe", "stdio"}},
          {"description", "only calls on such a descriptor"}};
  Json map = closed_map({{"call", one_or_list(reference_to("call"))},
                         {"error", reference_to("error")},
                         {"path", any_text()},
                         {"fd", std::move(fd)}});
  for (const Field& field : origin_fields()) {
    map["properties"][std::string(field.key)] = origin_form(field);
  }
  map["minProperties"] = 1;
  Json list = list_of({{"anyOf",
                        {reference_to("call"), list_of(reference_to("call")),
                         std::move(map)}}});
  list["minItems"] = 1;
  return list;
}

struct KindForm {
  Kind kind;
  Json (*form)(const Field&);
};

constexpr std::array<KindForm, 23> kForms{{
    {Kind::text, [](const Field&) { return any_text(); }},
    {Kind::texts, [](const Field&) { return one_or_list(any_text()); }},
    {Kind::list, [](const Field&) { return list_of(any_text()); }},
    {Kind::integer, integer_form},
    {Kind::count, [](const Field&) { return reference_to("count"); }},
    {Kind::size,
     [](const Field&) {
       return Json{
           {"oneOf", {whole_number(0), pattern("^[0-9]+([KMGT]i?)?B$")}}};
     }},
    {Kind::duration,
     [](const Field&) {
       return pattern("^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$");
     }},
    {Kind::boolean,
     [](const Field&) {
       return Json{{"type", "boolean"}};
     }},
    {Kind::percent,
     [](const Field&) { return pattern("^[0-9]+(\\.[0-9]+)?%$"); }},
    {Kind::signal, [](const Field&) { return reference_to("signal"); }},
    {Kind::error_number, [](const Field&) { return reference_to("error"); }},
    {Kind::regexp, [](const Field&) { return any_text(); }},
    {Kind::glob, [](const Field&) { return any_text(); }},
    {Kind::choice, choice_form},
    {Kind::nth,
     [](const Field&) {
       return Json{
           {"oneOf",
            {whole_number(1),
             pattern("^[1-9][0-9]*(\\+[0-9]*|\\.\\.[0-9]+(\\+[0-9]+)?)?$")}}};
     }},
    {Kind::calls,
     [](const Field&) { return one_or_list(reference_to("call")); }},
    {Kind::environment,
     [](const Field&) {
       return Json{{"type", "object"},
                   {"propertyNames", {{"pattern", "^[^=]+$"}}},
                   {"additionalProperties", any_text()}};
     }},
    {Kind::keep_names,
     [](const Field&) {
       return Json{{"oneOf", {{{"const", true}}, list_of(any_text())}}};
     }},
    {Kind::port,
     [](const Field&) {
       Json port = whole_number(1);
       port["maximum"] = 65535;
       return Json{{"oneOf", {{{"const", true}}, std::move(port)}}};
     }},
    {Kind::sequence, [](const Field&) { return sequence_form(); }},
    {Kind::rate,
     [](const Field&) { return pattern("^[0-9]+(\\.[0-9]+)?/s$"); }},
    {Kind::function, origin_form},
    {Kind::site, origin_form},
}};

// Keys beside `$ref` are ignored in draft-07, so a description needs a level
// of its own there.
Json described(Json schema, std::string_view description) {
  if (schema.contains("$ref")) {
    schema = Json{{"allOf", Json::array({std::move(schema)})}};
  }
  schema["description"] = description;
  return schema;
}

Json form_of(const Field& field) {
  auto found =
      std::find_if(kForms.begin(), kForms.end(),
                   [&](const KindForm& row) { return row.kind == field.kind; });
  return found->form(field);
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
        described(form_of(field), description_of(section, field.key));
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
        described(form_of(*section.any_key), section.any_key->summary);
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
  return described({{"anyOf", {form_of(*field), std::move(map)}}},
                   section.summary);
}

Json injector_of(const Section& section) {
  Json map = map_of(section);
  map["properties"].update(properties_of(fault_common_section()));
  map["properties"]["when"] = described(
      reference_to("when"), description_of(fault_common_section(), "when"));
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
Json trigger_form() {
  Json map = map_of(trigger_section());
  for (std::string_view key : kBesideCall) {
    map["dependencies"][std::string(key)] = Json::array({"call"});
  }
  map["properties"]["listening"]["const"] = true;
  return {{"oneOf", {{{"const", "start"}}, std::move(map)}}};
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

Json service_form() {
  Json map = map_of(service_section());
  map["properties"]["command"]["minItems"] = 1;
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
  map["dependencies"]["cwd"] = Json::array({"command"});
  map["dependencies"]["load"] = Json::array({"service"});
  return map;
}

Json names_form(std::vector<std::string> names) {
  return {{"enum", std::move(names)}};
}

// kill(1) takes a signal without `SIG` too.
std::vector<std::string> all_signal_names() {
  std::vector<std::string> names = signal_names();
  for (const std::string& name : signal_names()) {
    names.push_back(name.substr(3));
  }
  return names;
}

std::vector<std::string> all_error_names() {
  std::vector<std::string> names = errno_names();
  for (const char* twin : {"EWOULDBLOCK", "ENOTSUP"}) {
    if (std::find(names.begin(), names.end(), twin) == names.end()) {
      names.emplace_back(twin);
    }
  }
  return names;
}

std::vector<std::string> all_call_names() {
  std::vector<std::string> names = call_classes();
  for (const Syscall& call : all_syscalls()) {
    names.emplace_back(call.name);
  }
  return names;
}

Json definitions() {
  return {{"count", count_form()},
          {"signal", names_form(all_signal_names())},
          {"error", names_form(all_error_names())},
          {"call", names_form(all_call_names())},
          {"when", trigger_form()}};
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
  properties["expect"] =
      described(list_of_sections(language.expectations, expectation_of),
                description_of(scenario, "expect"));
  map["required"] = Json::array({"workload"});
  for (const char* key : {"faults", "expect"}) {
    map["anyOf"].push_back({{"required", Json::array({key})}});
  }

  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "a faultrig scenario"}};
  schema.update(map);
  schema["definitions"] = definitions();
  return schema.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultrig
