#include "harness/report/crash_folder.h"

#include "harness/base/text.h"

namespace faultrig {

std::string crash_folder_text(const CrashFolder& folder) {
  std::string later = folder.from_start ? "" : ", and power goes later";
  std::string most = std::to_string(folder.at_most);
  if (!folder.image.empty()) {
    return folder.path + " is on an " + folder.image + " of its own" + later +
           "; recover is run on at most " + most + " images of its disk";
  }
  std::vector<std::string> kinds;
  kinds.reserve(folder.kinds.size());
  for (CrashStateKind kind : folder.kinds) {
    kinds.emplace_back(crash_kind_name(kind));
  }
  return folder.path + " is recorded" + later + "; recover is run on at most " +
         most + " states of it (" + join(kinds, ", ") + "; " +
         std::string(crash_model_name(folder.model)) + ")";
}

}  // namespace faultrig
