#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/parse/yaml_tree.h"

namespace faultrig {

// As few of `all` as still have a property that all of them have, and at least
// one: none of what is left can be left out by itself (delta debugging). The
// order stays.
std::vector<std::size_t> fewest(
    std::size_t all,
    const std::function<bool(const std::vector<std::size_t>&)>& has);

// A scenario without what it does not need: faults, fields of their triggers
// (`when`, `nth`, `chance`), tests. `is_same` says of each candidate whether it
// comes to the same; one that cannot be run does not. What is expected stays.
// `tests` are those that ran, functions and subtests, as go test names them:
// `TestPut`, `TestPut/twice`. Where one function is left its subtests are left
// out too, and theirs.
YamlNode shrunk(const YamlNode& scenario, const std::vector<std::string>& tests,
                const std::function<bool(const YamlNode&)>& is_same);

}  // namespace faultrig
