#include "harness/inject/registry.h"

#include <array>

namespace faultrig {

// Each injectors/<name>.cc exports one row.
#define INJECTOR(name) const InjectorType& name##_injector();
#include "injectors/injectors.def"
#undef INJECTOR

std::span<const InjectorType* const> injector_types() {
#define INJECTOR(name) &name##_injector(),
  static const std::array kTypes{
#include "injectors/injectors.def"
  };
#undef INJECTOR
  return kTypes;
}

const InjectorType* find_injector(std::string_view name) {
  for (const InjectorType* type : injector_types()) {
    if (type->section->name == name) {
      return type;
    }
  }
  return nullptr;
}

}  // namespace faultrig
