#pragma once

namespace faultrig {

// May we make namespaces only within a user namespace of our own, for want of
// CAP_SYS_ADMIN (user_namespaces(7))?
bool needs_own_user();

}  // namespace faultrig
