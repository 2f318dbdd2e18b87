#pragma once

#include <memory>

#include "harness/inject/injector.h"

namespace faultrig {

// A fault that is a cap of its link's group and nothing else: it is set before
// anything starts, or when the trigger has come, and can be lifted. The run
// tells its effects. `need`: what this machine must have for it.
std::unique_ptr<Injector> make_cap_injector(const FaultSpec& spec,
                                            Controller controller,
                                            std::uint64_t max,
                                            const char* need);

}  // namespace faultrig
