// What a value may look like, for an editor: the same kinds as the readers
// take.
#include "harness/help/value_schema.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/names.h"
#include "harness/model/call_origin.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json pattern(std::string_view expression) {
  return {{"type", "string"}, {"pattern", expression}};
}

// Any scalar is a text for the reader: `about: 3`.
Json any_text() { return {{"type", {"string", "number", "boolean"}}}; }

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
  return {
      {"oneOf",
       {one_or_list(whole_number(0)), {{"const", "none"}}, std::move(map)}}};
}

Json integer_form(const Field& field) {
  return field.least ? whole_number(*field.least) : Json{{"type", "integer"}};
}

// A word that looks like a number is one to an editor: `version: 2`.
Json choice_form(const Field& field) {
  Json words = Json::array();
  for (std::string_view word : field.choices) {
    words.push_back(word);
    Json number = Json::parse(word, nullptr, false);
    if (number.is_number()) {
      words.push_back(std::move(number));
    }
  }
  return {{"enum", std::move(words)}};
}

Json target_form(const Field& field) {
  Json name = any_text();
  name["pattern"] = "^[^/]+$";
  Json child = closed_map({{"child", std::move(name)}});
  child["required"] = {"child"};
  return {{"oneOf", {choice_form(field), std::move(child)}}};
}

Json origin_form(const Field& field) {
  bool site = field.kind == Kind::site;
  Json form = any_text();
  form["pattern"] = site ? "^[0-9a-f]{6,16}$" : "^\\S*[.*?]\\S*$";
  form = field.kind == Kind::choice ? choice_form(field) : std::move(form);
  form["description"] = field.summary;
  return form;
}

Json peer_form(const Field& field) {
  Json form = any_text();
  form["minLength"] = 1;
  form["description"] = field.summary;
  return form;
}

Json reply_form(const Field&) {
  Json status = whole_number(200);
  status["maximum"] = 599;
  return Json{{"type", "object"},
              {"required", {"status"}},
              {"additionalProperties", false},
              {"properties", {{"status", status}, {"body", any_text()}}}};
}

Json percent_form(const Field&) { return pattern("^[0-9]+(\\.[0-9]+)?%$"); }

Json duration_form(const Field&) {
  return pattern("^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$");
}

// `{at_least: ...}` or `{at_most: ...}`.
Json bound_form(const Json& of) {
  Json map = closed_map({{"at_least", of}, {"at_most", of}});
  map["minProperties"] = 1;
  map["maxProperties"] = 1;
  return map;
}

// Of one, too: `0.2` is 20%.
Json share_form(const Field& field) {
  Json part{{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
  return bound_form(Json{{"anyOf", {percent_form(field), std::move(part)}}});
}

Json time_bound_form(const Field& field) {
  return bound_form(duration_form(field));
}

Json packets_form(const Field&) {
  Json port = whole_number(1);
  port["maximum"] = 65535;
  return Json{{"type", "object"},
              {"minProperties", 1},
              {"additionalProperties", false},
              {"properties", {{"port", port}, {"to", any_text()}}}};
}

// One, a list, or several behind each other as strace(1) takes them.
Json calls_form() {
  Json form = one_or_list(reference_to("call"));
  Json several = any_text();
  several["pattern"] = "^%?[a-z0-9_]+(,%?[a-z0-9_]+)+$";
  form["anyOf"].push_back(std::move(several));
  return form;
}

Json sequence_form() {
  Json fd{{"enum", {"file", "socket", "pipe", "stdio"}},
          {"description", "only calls on such a descriptor"}};
  Json map = closed_map({{"call", one_or_list(reference_to("call"))},
                         {"error", reference_to("error")},
                         {"path", any_text()},
                         {"fd", std::move(fd)},
                         {"peer", peer_form(peer_field())}});
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

constexpr std::array<KindForm, 30> kForms{{
    {Kind::text, [](const Field&) { return any_text(); }},
    {Kind::texts,
     [](const Field& field) {
       return one_or_list(field.choices.empty() ? any_text()
                                                : choice_form(field));
     }},
    {Kind::list, [](const Field&) { return list_of(any_text()); }},
    {Kind::integer, integer_form},
    {Kind::count, [](const Field&) { return reference_to("count"); }},
    {Kind::size,
     [](const Field&) {
       return Json{
           {"oneOf", {whole_number(0), pattern("^[0-9]+([KMGT]i?)?B$")}}};
     }},
    {Kind::duration, duration_form},
    {Kind::step,
     [](const Field&) {
       return pattern("^[-+]?[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$");
     }},
    {Kind::boolean,
     [](const Field&) {
       return Json{{"type", "boolean"}};
     }},
    {Kind::percent, percent_form},
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
    {Kind::calls, [](const Field&) { return calls_form(); }},
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
    {Kind::peer, peer_form},
    {Kind::reply, reply_form},
    {Kind::packets, packets_form},
    {Kind::share, share_form},
    {Kind::time_bound, time_bound_form},
    {Kind::target, target_form},
}};

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

}  // namespace

Json reference_to(const std::string& definition) {
  return {{"$ref", "#/definitions/" + definition}};
}

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

Json value_schema(const Field& field) {
  auto found =
      std::find_if(kForms.begin(), kForms.end(),
                   [&](const KindForm& row) { return row.kind == field.kind; });
  return found->form(field);
}

Json value_definitions() {
  return {{"count", count_form()},
          {"signal", names_form(all_signal_names())},
          {"error", names_form(all_error_names())},
          {"call", names_form(all_call_names())}};
}

}  // namespace faultrig
