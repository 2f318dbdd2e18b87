#include "harness/parse/value_reader.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>

#include "harness/parse/value_kinds.h"

namespace faultrig {

namespace {

struct KindReader {
  Kind kind;
  MaybeValue (*read)(const Field&, const YamlNode&, Complaints&);
};

constexpr std::array<KindReader, 30> kReaders{{
    {Kind::text, read_text},
    {Kind::texts, read_texts},
    {Kind::list, read_list},
    {Kind::integer, read_integer},
    {Kind::count, read_count},
    {Kind::size, read_size},
    {Kind::duration, read_duration},
    {Kind::boolean, read_boolean},
    {Kind::percent, read_percent},
    {Kind::signal, read_signal},
    {Kind::error_number, read_error_number},
    {Kind::regexp, read_regexp},
    {Kind::glob, read_glob},
    {Kind::choice, read_choice},
    {Kind::nth, read_nth},
    {Kind::calls, read_calls},
    {Kind::environment, read_environment},
    {Kind::keep_names, read_keep_names},
    {Kind::port, read_port},
    {Kind::sequence, read_sequence},
    {Kind::step, read_step},
    {Kind::rate, read_rate},
    {Kind::function, read_function},
    {Kind::site, read_site},
    {Kind::peer, read_peer},
    {Kind::reply, read_reply},
    {Kind::packets, read_packets},
    {Kind::share, read_share},
    {Kind::time_bound, read_time_bound},
    {Kind::target, read_target},
}};

}  // namespace

std::string shown(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::list:
      return "a list";
    case NodeKind::map:
      return "a map";
    case NodeKind::null:
      return "nothing";
    case NodeKind::scalar:
    case NodeKind::bad:
      break;
  }
  return quote_of(node.scalar);
}

std::nullopt_t refuse(const Field& field, const YamlNode& node,
                      Complaints& complaints) {
  if (!node.is(NodeKind::bad)) {
    complaints.add(node.spot, "expected " +
                                  std::string(kind_summary(field.kind)) +
                                  ", not " + shown(node));
  }
  return std::nullopt;
}

std::optional<Value> read_value(const Field& field, const YamlNode& node,
                                Complaints& complaints) {
  auto reader = std::find_if(
      kReaders.begin(), kReaders.end(),
      [&](const KindReader& row) { return row.kind == field.kind; });
  assert(reader != kReaders.end());
  return node.is(NodeKind::bad) ? std::nullopt
                                : reader->read(field, node, complaints);
}

Value fallback_value(const Field& field) {
  YamlNode node;
  node.kind = NodeKind::scalar;
  node.scalar = field.fallback;
  Complaints complaints;
  MaybeValue value = read_value(field, node, complaints);
  assert(value.has_value());
  return *std::move(value);
}

}  // namespace faultrig
