// Three ways to say no, each with a name of its own: AppArmor's (Ubuntu 23.10
// and later: the namespace is made, and has no rights: writing its maps or
// mounting in it fails with EACCES or EPERM), Debian's older one (EPERM), and
// the kernel's own limit (ENOSPC in unshare(2)).
#include "harness/os/own_user.h"

#include <fcntl.h>

#include "harness/base/capabilities.h"
#include "harness/base/fd.h"
#include "harness/os/machine.h"

namespace faultrig {

namespace {

struct Setting {
  const char* path;
  const char* refuses;
  const char* instead;
};

constexpr Setting kSettings[] = {
    {"kernel/apparmor_restrict_unprivileged_userns", "1",
     "kernel.apparmor_restrict_unprivileged_userns=0"},
    {"kernel/unprivileged_userns_clone", "0",
     "kernel.unprivileged_userns_clone=1"},
    {"user/max_user_namespaces", "0", "user.max_user_namespaces=10000"}};

}  // namespace

bool needs_own_user() {
  auto number = capability_number("CAP_SYS_ADMIN");
  return !number || !has_capability(*number);
}

std::string refusal_of_own_user(const std::string& sysctls) {
  for (const Setting& setting : kSettings) {
    auto text = read_file(AT_FDCWD, sysctls + "/" + setting.path);
    if (text && *text == std::string(setting.refuses) + "\n") {
      return setting.instead;
    }
  }
  return "";
}

}  // namespace faultrig
