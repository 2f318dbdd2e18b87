#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "harness/model/schema.h"
#include "harness/model/values.h"

namespace faultrig {

// What stands beside the call of a trigger and says which ones.
inline constexpr std::array<std::string_view, 8> kBesideCall{
    "nth", "path", "fd", "peer", "in", "site", "of", "side"};
// The keys that say where in a Go program a call comes from, wherever calls are
// selected: in, site, of.
const std::vector<Field>& origin_fields();
CallOrigin origin_of(const Params& params);
// The key that says to whom a call goes.
const Field& peer_field();
// `fields`, and what else says which calls are meant: peer_field() and
// origin_fields().
std::vector<Field> with_origin(std::vector<Field> fields);

}  // namespace faultrig
