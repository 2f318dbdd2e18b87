#include "harness/model/crash.h"

namespace faultrig {

const std::vector<std::string>& crash_kind_names() {
  static const std::vector<std::string> kNames{"kept", "synced", "names",
                                               "torn", "reordered"};
  return kNames;
}

std::string_view crash_kind_name(CrashStateKind kind) {
  return crash_kind_names()[static_cast<std::size_t>(kind)];
}

}  // namespace faultrig
