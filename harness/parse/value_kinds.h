#pragma once

// What value_reader.cc has its table of: one function per Kind, each with the
// promise of read_value().

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/model/schema.h"
#include "harness/model/values.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

using MaybeValue = std::optional<Value>;
using NodeKind = YamlNode::Kind;

MaybeValue read_text(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_texts(const Field& field, const YamlNode& node,
                      Complaints& complaints);
MaybeValue read_list(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_integer(const Field& field, const YamlNode& node,
                        Complaints& complaints);
MaybeValue read_count(const Field& field, const YamlNode& node,
                      Complaints& complaints);
MaybeValue read_size(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_step(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_duration(const Field& field, const YamlNode& node,
                         Complaints& complaints);
MaybeValue read_boolean(const Field& field, const YamlNode& node,
                        Complaints& complaints);
MaybeValue read_percent(const Field& field, const YamlNode& node,
                        Complaints& complaints);
MaybeValue read_share(const Field& field, const YamlNode& node,
                      Complaints& complaints);
MaybeValue read_time_bound(const Field& field, const YamlNode& node,
                           Complaints& complaints);
MaybeValue read_signal(const Field& field, const YamlNode& node,
                       Complaints& complaints);
MaybeValue read_error_number(const Field& field, const YamlNode& node,
                             Complaints& complaints);
MaybeValue read_regexp(const Field& field, const YamlNode& node,
                       Complaints& complaints);
MaybeValue read_glob(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_choice(const Field& field, const YamlNode& node,
                       Complaints& complaints);
MaybeValue read_target(const Field& field, const YamlNode& node,
                       Complaints& complaints);
MaybeValue read_nth(const Field& field, const YamlNode& node,
                    Complaints& complaints);
MaybeValue read_calls(const Field& field, const YamlNode& node,
                      Complaints& complaints);
MaybeValue read_environment(const Field& field, const YamlNode& node,
                            Complaints& complaints);
MaybeValue read_keep_names(const Field& field, const YamlNode& node,
                           Complaints& complaints);
MaybeValue read_port(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_sequence(const Field& field, const YamlNode& node,
                         Complaints& complaints);

MaybeValue read_function(const Field& field, const YamlNode& node,
                         Complaints& complaints);
MaybeValue read_site(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_peer(const Field& field, const YamlNode& node,
                     Complaints& complaints);
MaybeValue read_packets(const Field& field, const YamlNode& node,
                        Complaints& complaints);
MaybeValue read_reply(const Field& field, const YamlNode& node,
                      Complaints& complaints);
MaybeValue read_rate(const Field& field, const YamlNode& node,
                     Complaints& complaints);

// Complains that `node` is no value of this kind.
std::nullopt_t refuse(const Field& field, const YamlNode& node,
                      Complaints& complaints);

// What `node` is, for a complaint: `'text'`, `a map`.
std::string shown(const YamlNode& node);

// A whole number of 64 bits; no leading zeros, which YAML 1.1 takes for octal.
std::optional<std::int64_t> decimal(std::string_view text);

}  // namespace faultrig
