#include "harness/judge/expectations.h"

#include <array>

namespace faultrig {

std::span<const ExpectationType* const> expectation_types() {
  static const std::array types{
#define EXPECTATION(name) &name##_expectation(),
#include "harness/judge/expectations.def"
#undef EXPECTATION
  };
  return types;
}

const ExpectationType* find_expectation(std::string_view name) {
  for (const ExpectationType* type : expectation_types()) {
    if (type->section->name == name) {
      return type;
    }
  }
  return nullptr;
}

}  // namespace faultrig
