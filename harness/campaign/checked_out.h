#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/run/session.h"

namespace faultrig {

// Revisions of the git repository in which we are, as files.
struct CheckedOut {
  std::vector<std::string> commits;         // their ids, in the order asked for
  std::vector<std::filesystem::path> tops;  // the folder of each
  std::filesystem::path below;              // where we are, relative to the top
};

// Writes the files of these revisions below `folder`, which is ours, one folder
// each. The repository and its index stay as they are: nothing is to be undone.
// Submodules are not among them. Usage: no such revision, no repository.
Result<CheckedOut> check_out(const std::vector<std::string>& revisions,
                             const std::filesystem::path& folder,
                             const Session::Options& options);

}  // namespace faultrig
