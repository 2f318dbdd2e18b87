#pragma once

#include <string>

namespace faultrig {

// May we make namespaces only within a user namespace of our own, for want of
// CAP_SYS_ADMIN (user_namespaces(7))?
bool needs_own_user();

// The setting of this machine that refuses an ordinary user such a namespace,
// or all rights in it, as sysctl(8) takes it back: `kernel.name=0`. Empty where
// none does. `sysctls`: the folder of them.
std::string refusal_of_own_user(const std::string& sysctls = "/proc/sys");

}  // namespace faultrig
