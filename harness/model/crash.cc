#include "harness/model/crash.h"

#include <algorithm>

#include "harness/model/disk.h"

namespace faultrig {

std::optional<std::string> CrashFolder::below_tmpdir() const {
  const std::string variable = kOwnTmpdir;
  return path.starts_with(variable)
             ? std::optional(path.substr(variable.size()))
             : std::nullopt;
}

const std::vector<std::string>& crash_kind_names() {
  static const std::vector<std::string> kNames{"kept", "synced", "names",
                                               "torn", "reordered"};
  return kNames;
}

std::string_view crash_kind_name(CrashStateKind kind) {
  return crash_kind_names()[static_cast<std::size_t>(kind)];
}

std::optional<CrashStateKind> crash_kind_named(std::string_view name) {
  const std::vector<std::string>& names = crash_kind_names();
  auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<CrashStateKind>(
                                    found - names.begin()));
}

std::string_view crash_model_name(CrashModel model) {
  return model == CrashModel::posix ? "posix" : "ext4";
}

}  // namespace faultrig
