#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Tables of calls, each with its `name` and what its arguments mean.

// The row of a call; null: none has its name.
template <typename Shapes>
auto shape_of(const Shapes& shapes, std::string_view name) {
  auto found = std::find_if(shapes.begin(), shapes.end(),
                            [&](const auto& one) { return one.name == name; });
  return found == shapes.end() ? nullptr : &*found;
}

// The names of all.
template <typename Shapes>
std::vector<std::string> names_of(const Shapes& shapes) {
  std::vector<std::string> names;
  names.reserve(shapes.size());
  for (const auto& shape : shapes) {
    names.emplace_back(shape.name);
  }
  return names;
}

}  // namespace faultrig
