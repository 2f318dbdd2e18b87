#include "harness/os/own_user.h"

#include "harness/base/capabilities.h"
#include "harness/os/machine.h"

namespace faultrig {

bool needs_own_user() {
  auto number = capability_number("CAP_SYS_ADMIN");
  return !number || !has_capability(*number);
}

}  // namespace faultrig
