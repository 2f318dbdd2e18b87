#include "harness/model/link.h"

#include <array>
#include <cstddef>

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 6> kLinks{"test",    "go",   "command",
                                                 "service", "need", "recover"};

}  // namespace

std::string_view link_name(Link link) {
  return kLinks[static_cast<std::size_t>(link)];
}

std::optional<Link> link_named(std::string_view name) {
  for (std::size_t i = 0; i < kLinks.size(); ++i) {
    if (kLinks[i] == name) {
      return static_cast<Link>(i);
    }
  }
  return std::nullopt;
}

}  // namespace faultrig
