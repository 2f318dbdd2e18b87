#pragma once

#include <span>
#include <string_view>

#include "harness/inject/injector.h"

namespace faultrig {

// The injectors of injectors/injectors.def, in its order.
std::span<const InjectorType* const> injector_types();

// Nothing if there is no injector of this name.
const InjectorType* find_injector(std::string_view name);

}  // namespace faultrig
