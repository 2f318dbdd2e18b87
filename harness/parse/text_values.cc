#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/call_origin.h"
#include "harness/model/syscalls.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

// A word that must be one of the known ones.
std::nullopt_t refuse_word(std::string_view what, const YamlNode& node,
                           std::span<const std::string> known,
                           Complaints& complaints) {
  complaints.add(node.spot, "unknown " + std::string(what) + " " +
                                quote_of(node.scalar) +
                                suggestion(node.scalar, known));
  return std::nullopt;
}

// Where a field has choices, each of its words must be one.
bool is_chosen(const Field& field, const YamlNode& word,
               Complaints& complaints) {
  const auto& known = field.choices;
  if (known.empty() ||
      std::find(known.begin(), known.end(), word.scalar) != known.end()) {
    return true;
  }
  Texts names(known.begin(), known.end());
  std::string near = suggestion(word.scalar, names);
  complaints.add(
      word.spot,
      "unknown " + std::string(field.key) + " " + quote_of(word.scalar) +
          (near.empty() ? " (there are " + join(names, ", ") + ")" : near));
  return false;
}

// What a name or class stands for, or several behind each other as strace(1)
// takes them: `%network,%file`.
Texts calls_named(const std::string& text) {
  Texts all;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t end = std::min(text.find(',', at), text.size());
    Texts names = expand_call(text.substr(at, end - at));
    if (names.empty()) {
      return {};
    }
    all.insert(all.end(), names.begin(), names.end());
    at = end + 1;
  }
  return all;
}

// Adds each once.
bool add_call(const YamlNode& node, Texts& calls, Complaints& complaints) {
  Texts names = calls_named(node.scalar);
  if (names.empty()) {
    Texts known = call_classes();
    for (const Syscall& call : all_syscalls()) {
      known.emplace_back(call.name);
    }
    refuse_word(node.scalar.starts_with('%') ? "class of calls" : "call", node,
                known, complaints);
    return false;
  }
  for (std::string& name : names) {
    if (std::find(calls.begin(), calls.end(), name) == calls.end()) {
      calls.push_back(std::move(name));
    }
  }
  return true;
}

const Section& reply_section() {
  static const Section section{
      .name = "answer",
      .fields = {{.key = "status",
                  .kind = Kind::integer,
                  .required = true,
                  .least = 200},
                 {.key = "body", .kind = Kind::text}},
  };
  return section;
}

constexpr const char* kPort = "port";

const Section& packets_section() {
  static const Section section{
      .name = "packets",
      .fields = {{.key = kPort, .kind = Kind::integer, .least = 1},
                 {.key = "to", .kind = Kind::text}},
      .needs_any = true};
  return section;
}

const Section& call_pattern_section() {
  static const Section section{
      .name = "sequence",
      .fields = with_origin({{.key = "call", .kind = Kind::calls},
                             {.key = "error", .kind = Kind::error_number},
                             {.key = "path", .kind = Kind::glob},
                             {.key = "fd",
                              .kind = Kind::choice,
                              .choices = {"file", "socket", "pipe", "stdio"}}}),
      .shorthand = "call",
      .needs_any = true};
  return section;
}

}  // namespace

MaybeValue read_text(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (!node.is(NodeKind::scalar)) {
    return refuse(field, node, complaints);
  }
  return node.scalar;
}

MaybeValue read_list(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (!node.is(NodeKind::list)) {
    return refuse(field, node, complaints);
  }
  Texts texts;
  bool good = true;
  for (const YamlNode& element : node.children) {
    if (element.is(NodeKind::scalar)) {
      good = is_chosen(field, element, complaints) && good;
      texts.push_back(element.scalar);
      continue;
    }
    good = false;
    refuse({.key = field.key, .kind = Kind::text}, element, complaints);
  }
  return good ? MaybeValue(texts) : std::nullopt;
}

MaybeValue read_texts(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  if (node.is(NodeKind::scalar)) {
    return is_chosen(field, node, complaints) ? MaybeValue(Texts{node.scalar})
                                              : std::nullopt;
  }
  if (node.is(NodeKind::list) && node.children.empty()) {
    return refuse(field, node, complaints);
  }
  return node.is(NodeKind::list) ? read_list(field, node, complaints)
                                 : refuse(field, node, complaints);
}

MaybeValue read_signal(const Field& field, const YamlNode& node,
                       Complaints& complaints) {
  if (!node.is(NodeKind::scalar)) {
    return refuse(field, node, complaints);
  }
  if (auto signal = signal_number(node.scalar)) {
    return std::int64_t{*signal};
  }
  auto number = decimal(node.scalar);
  auto names = signal_names();
  if (number && *number >= 1 && *number <= 64) {
    complaints.add(node.spot, "signals have names here: " +
                                  signal_name(static_cast<int>(*number)));
    return std::nullopt;
  }
  return refuse_word("signal", node, names, complaints);
}

MaybeValue read_error_number(const Field& field, const YamlNode& node,
                             Complaints& complaints) {
  if (!node.is(NodeKind::scalar)) {
    return refuse(field, node, complaints);
  }
  if (auto number = errno_number(node.scalar)) {
    return std::int64_t{*number};
  }
  return refuse_word("error", node, errno_names(), complaints);
}

MaybeValue read_regexp(const Field& field, const YamlNode& node,
                       Complaints& complaints) {
  if (!node.is(NodeKind::scalar)) {
    return refuse(field, node, complaints);
  }
  RE2 pattern(node.scalar, RE2::Quiet);
  if (!pattern.ok()) {
    complaints.add(node.spot, "no regular expression (RE2): " +
                                  for_one_line(pattern.error()).substr(0, 100));
    return std::nullopt;
  }
  return node.scalar;
}

MaybeValue read_glob(const Field& field, const YamlNode& node,
                     Complaints& complaints) {
  if (!node.is(NodeKind::scalar) || node.scalar.empty()) {
    return refuse(field, node, complaints);
  }
  return node.scalar;
}

MaybeValue read_choice(const Field& field, const YamlNode& node,
                       Complaints& complaints) {
  Texts choices(field.choices.begin(), field.choices.end());
  std::string expected = "expected one of " + join(choices, ", ");
  if (!node.is(NodeKind::scalar)) {
    complaints.add(node.spot, expected + ", not " + shown(node));
    return std::nullopt;
  }
  if (std::find(choices.begin(), choices.end(), node.scalar) != choices.end()) {
    return node.scalar;
  }
  std::string near = suggestion(node.scalar, choices);
  complaints.add(node.spot, near.empty()
                                ? expected + ", not " + quote_of(node.scalar)
                                : "unknown " + std::string(field.key) + " " +
                                      quote_of(node.scalar) + near);
  return std::nullopt;
}

MaybeValue read_calls(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  std::span<const YamlNode> elements(&node, 1);
  if (node.is(NodeKind::list)) {
    elements = node.children;
  }
  Texts calls;
  bool good = true;
  for (const YamlNode& element : elements) {
    if (element.is(NodeKind::scalar)) {
      good = add_call(element, calls, complaints) && good;
      continue;
    }
    good = false;
    refuse(field, element, complaints);
  }
  if (elements.empty()) {
    return refuse(field, node, complaints);
  }
  return good ? MaybeValue(calls) : std::nullopt;
}

// `test`, or `{child: sh}`: of a program its name, not where it lies.
MaybeValue read_target(const Field& field, const YamlNode& node,
                       Complaints& complaints) {
  if (!node.is(NodeKind::map)) {
    return read_choice(field, node, complaints);
  }
  static const Section kChild{
      .name = "at",
      .fields = {{.key = "child", .kind = Kind::glob, .required = true}}};
  Params parts = read_section(kChild, node, complaints);
  const auto* child = parts.find<std::string>("child");
  if (child == nullptr) {
    return std::nullopt;
  }
  if (child->empty() || child->find('/') != std::string::npos) {
    complaints.add(node.children[0].spot,
                   "expected the name of a program such as sh, without its "
                   "folder");
    return std::nullopt;
  }
  return std::map<std::string, std::string>{{"child", *child}};
}

MaybeValue read_environment(const Field& field, const YamlNode& node,
                            Complaints& complaints) {
  if (!node.is(NodeKind::map)) {
    return refuse(field, node, complaints);
  }
  std::map<std::string, std::string> variables;
  bool good = true;
  for (const YamlNode& variable : node.children) {
    if (variable.key.empty() || variable.key.find('=') != std::string::npos) {
      complaints.add(variable.key_spot,
                     "no name of a variable: " + quote_of(variable.key));
      good = false;
    } else if (!variable.is(NodeKind::scalar)) {
      refuse({.key = field.key, .kind = Kind::text}, variable, complaints);
      good = false;
    } else {
      variables[variable.key] = variable.scalar;
    }
  }
  return good ? MaybeValue(variables) : std::nullopt;
}

MaybeValue read_reply(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  if (!node.is(NodeKind::map)) {
    return refuse(field, node, complaints);
  }
  Params parts = read_section(reply_section(), node, complaints);
  std::int64_t status = parts.get_or("status", std::int64_t{0});
  if (status > 599) {
    complaints.add(node.spot, "a status is 200 to 599");
  }
  if (status == 0 || status > 599) {
    return std::nullopt;
  }
  return std::map<std::string, std::string>{
      {"status", std::to_string(status)},
      {"body", parts.get_or<std::string>("body", "")}};
}

MaybeValue read_packets(const Field& field, const YamlNode& node,
                        Complaints& complaints) {
  if (!node.is(NodeKind::map)) {
    return refuse(field, node, complaints);
  }
  Params parts = read_section(packets_section(), node, complaints);
  std::map<std::string, std::string> out;
  if (const auto* port = parts.find<std::int64_t>(kPort)) {
    constexpr std::int64_t kLastPort = 65535;
    if (*port > kLastPort) {
      complaints.add(node.spot, "there is no port above 65535");
      return std::nullopt;
    }
    out[kPort] = std::to_string(*port);
  }
  if (const auto* to = parts.find<std::string>("to")) {
    out["to"] = *to;
  }
  return out;
}

MaybeValue read_keep_names(const Field& field, const YamlNode& node,
                           Complaints& complaints) {
  if (node.plain() && node.scalar == "true") {
    return Texts{};
  }
  return node.is(NodeKind::list) ? read_list(field, node, complaints)
                                 : refuse(field, node, complaints);
}

MaybeValue read_sequence(const Field& field, const YamlNode& node,
                         Complaints& complaints) {
  if (!node.is(NodeKind::list) || node.children.empty()) {
    return refuse(field, node, complaints);
  }
  std::vector<CallPattern> patterns;
  for (const YamlNode& element : node.children) {
    Params params = read_section(call_pattern_section(), element, complaints);
    CallPattern pattern;
    pattern.calls = params.get_or<Texts>("call", {});
    pattern.path = params.get_or<std::string>("path", "");
    pattern.fd = params.get_or<std::string>("fd", "");
    pattern.peer = params.get_or<std::string>("peer", "");
    pattern.origin = origin_of(params);
    if (auto* number = params.find<std::int64_t>("error")) {
      pattern.error = static_cast<int>(*number);
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

}  // namespace faultrig
